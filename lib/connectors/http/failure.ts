import type { ErrorCode, ErrorWords } from '@/lib/core/errors'
import { AppError } from '@/lib/core/errors'
import { isCertificateCode } from './tls-codes'

export type FailureKind = 'refused' | 'unreachable' | 'tls' | 'connect_timeout' | 'answer_timeout' | 'idle_timeout' | 'request_timeout' | 'cut' | 'too_big' | 'encoding'

/** No whole answer came. Known to the kit alone; people see `inWords`. */
export class WireFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    detail: string,
    cause?: unknown,
  ) {
    super(detail, { cause })
    this.name = 'WireFailure'
  }

  /** May the same request pass when it is sent again? */
  get mayPass(): boolean {
    return !['tls', 'too_big', 'encoding'].includes(this.kind)
  }

  /** Does the service look as if it had too much to do at once? */
  get isStrain(): boolean {
    return ['answer_timeout', 'idle_timeout', 'request_timeout'].includes(this.kind)
  }
}

interface Told extends ErrorWords {
  code: ErrorCode
}

/** The failure of a request to `host`, for people. */
export function inWords(failure: WireFailure, host: string, attempts: number): AppError {
  const { code, ...words } = told(failure, host, attempts)
  return new AppError(code, words, { isRetryable: failure.mayPass, cause: failure })
}

function told({ kind, message }: WireFailure, host: string, attempts: number): Told {
  const tried = attempts > 1 ? ` (tried ${attempts} times)` : ''
  switch (kind) {
    case 'refused':
      return { code: 'refused', title: `${host} refused the connection`, detail: message + tried, advice: 'Check the address and the port; a firewall may be in between' }
    case 'unreachable':
      return { code: 'unreachable', title: `${host} could not be reached`, detail: message + tried, advice: 'Check the address, and that the service is up' }
    case 'tls':
      return { code: 'tls', title: `The encrypted connection to ${host} failed`, detail: message, advice: 'Check the address; the certificate must be valid for it and signed by a known authority' }
    case 'connect_timeout':
      return { code: 'timeout', title: `${host} did not take the connection`, detail: message + tried, advice: 'Check the address and the port; a firewall that drops what it does not know looks like this' }
    case 'answer_timeout':
    case 'idle_timeout':
    case 'request_timeout':
      return { code: 'timeout', title: `${host} took too long to answer`, detail: message + tried, advice: 'Try again later; if it stays, ask the service what keeps it busy' }
    case 'cut':
      return { code: 'unreachable', title: `The connection to ${host} was lost`, detail: message + tried, advice: 'Try again; if it stays, something between here and the service cuts connections' }
    case 'too_big':
      return { code: 'source', title: `An answer of ${host} is too big`, detail: message, advice: 'Ask for less at a time' }
    case 'encoding':
      return { code: 'source', title: `An answer of ${host} could not be unpacked`, detail: message, advice: 'Check that the address is that of the API' }
  }
}

/** What Node says of a connection, sorted. */
export function connectionFailure(error: unknown, isConnected: boolean): WireFailure {
  const { code, message } = sorted(error)
  if (code === 'ECONNREFUSED') return new WireFailure('refused', 'Nothing listens at this port', error)
  if (isCertificateCode(code)) return new WireFailure('tls', certificateWords(code ?? ''), error)
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL') || code?.startsWith('ERR_TLS')) return new WireFailure('tls', `The handshake failed (${code})`, error)
  if (isConnected || code === 'ECONNRESET' || code === 'EPIPE') return new WireFailure('cut', code?.startsWith('HPE_') ? `What came is no HTTP (${code})` : 'It was closed before the answer was complete', error)
  return new WireFailure('unreachable', code === undefined ? message : `The network said ${code}`, error)
}

/** Several addresses that failed come as one error that holds one of each; the first says enough. */
function sorted(error: unknown): { code: string | undefined; message: string } {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const { code, message } = first as NodeJS.ErrnoException
  return { code, message: message ?? 'No reason was given' }
}

function certificateWords(code: string): string {
  const known: Record<string, string> = {
    CERT_HAS_EXPIRED: 'Its certificate has expired',
    CERT_NOT_YET_VALID: 'Its certificate is not valid yet',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is signed by itself',
    SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is signed by an unknown authority',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is signed by an unknown authority',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is signed by an unknown authority',
    ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another host',
  }
  return known[code] ?? `Its certificate was not accepted (${code})`
}
