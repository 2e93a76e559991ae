import type { ErrorCode, ErrorWords } from '@/lib/core/errors'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { PostgresConfig } from './config'
import { isNoDatabaseOfPooler, poolerMeaning } from './pooler-error'

type Place = Pick<PostgresConfig, 'host' | 'port' | 'database' | 'user' | 'password' | 'sslmode'>

interface ServerError {
  code?: string
  message?: string
  detail?: string
  hint?: string
}

const where = ({ host, port }: Place) => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** A connection that could not be opened. */
export function connectionError(error: unknown, place: Place, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error
  if (signal.aborted) return aborted(signal, error)
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  if (code === 'ECONNREFUSED') {
    return new AppError('refused', {
      title: 'The server refused the connection',
      detail: `Nothing listens at ${where(place)}`,
      advice: 'Check the port (5432 is the usual one), and that PostgreSQL runs and listens on this address (listen_addresses)',
    }, { isRetryable: true, cause: error })
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new AppError('unreachable', {
      title: 'The connection was cut before sign-in',
      detail: `${where(place)} accepted the connection and closed it again`,
      advice: 'Check that PostgreSQL is behind this port, and that a proxy or firewall lets our addresses through',
    }, { isRetryable: true, cause: error })
  }
  const isTimeout = code === 'ETIMEDOUT'
  return new AppError('unreachable', {
    title: 'The server cannot be reached',
    detail: isTimeout ? `${where(place)} gave no answer within ${limits.connectSeconds} seconds` : `There is no way to ${where(place)} (${code || 'network error'})`,
    advice: 'Allow our inbound IP addresses in the firewall or security group of the database, and check host and port',
  }, { isRetryable: true, cause: error })
}

export function noTlsError(place: Place, answer: string): AppError {
  if (answer === 'N') {
    return new AppError('tls', {
      title: 'The server does not offer TLS',
      detail: `${where(place)} answered that it takes plain connections only, and sslmode is ${place.sslmode}`,
      advice: 'Turn TLS on at the server (ssl = on), or choose sslmode prefer where the network between is trusted',
    })
  }
  return new AppError('unreachable', {
    title: 'This is not a PostgreSQL server',
    detail: `What listens at ${where(place)} did not answer the way PostgreSQL does`,
    advice: 'Check the port: 5432 is the usual one',
  })
}

export function tlsError(error: unknown, place: Place, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error
  if (signal.aborted) return aborted(signal, error)
  const { code = '', message = '' } = error as NodeJS.ErrnoException
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new AppError('tls', {
      title: 'The certificate belongs to another host name',
      detail: `The server at ${where(place)} showed a certificate that is not made out for ${place.host}`,
      advice: 'Enter the host name that the certificate is made out for, or choose sslmode require to encrypt without this check',
    }, { cause: error })
  }
  if (/^CERT_|CERT|SELF_SIGNED|UNABLE_TO_|ISSUER/.test(code)) {
    const isExpired = code === 'CERT_HAS_EXPIRED'
    return new AppError('tls', {
      title: isExpired ? 'The certificate of the server has expired' : 'The certificate of the server is not trusted',
      detail: `${where(place)}: ${message.split('\n')[0] || code}`,
      advice: isExpired ? 'Renew the certificate at the server' : 'Paste the CA certificate that signed it (cloud providers offer theirs for download), or choose sslmode require to encrypt without this check',
    }, { cause: error })
  }
  return new AppError('tls', {
    title: 'TLS could not be set up with the server',
    detail: `${where(place)}: ${code || 'the handshake failed'}`,
    advice: 'Check which TLS versions the server allows (ssl_min_protocol_version); TLS 1.2 and 1.3 are used',
  }, { isRetryable: code === 'ECONNRESET' || code === 'ETIMEDOUT', cause: error })
}

/** Does the server take this user from here only without TLS? */
export function plainRefused(error: unknown): boolean {
  return error instanceof AppError && (error.cause as ServerError | undefined)?.code === '28000' && /pg_hba\.conf/.test((error.cause as ServerError).message ?? '')
}

/** A sign-in that failed. */
export function signInError(error: unknown, place: Place, signal: AbortSignal, isEncrypted: boolean): AppError {
  if (error instanceof AppError) return error
  if (signal.aborted) return aborted(signal, error)
  const { code = '', message = '' } = error as ServerError
  const cause = error
  if (code === '28P01' || /SASL|password must be|Unknown authenticat|SCRAM/i.test(message)) {
    return new AppError('credentials', {
      title: 'Sign-in to the database was refused',
      detail: place.password === '' ? `The server wants a password for user ${place.user} at ${where(place)}` : `Password authentication failed for user ${place.user} at ${where(place)}`,
      advice: place.password === '' ? 'Enter the password' : 'Check the user and the password, then test the connection again',
    }, { cause })
  }
  if (code === '28000') return noEntryError(message, place, isEncrypted, cause)
  if (code === '3D000' || isNoDatabaseOfPooler(error)) {
    return new AppError('no_such_database', {
      title: `There is no database named ${place.database}`,
      detail: `The server at ${where(place)} does not have it`,
      advice: 'Check the spelling, capitals too; psql -l lists the databases of a server',
    }, { cause })
  }
  if (code === '42501') {
    return new AppError('permission', {
      title: `User ${place.user} may not connect to the database ${place.database}`,
      detail: serverText(error as ServerError, place),
      advice: `Run: GRANT CONNECT ON DATABASE ${quoted(place.database)} TO ${quoted(place.user)}`,
    }, { cause })
  }
  if (code === '' || code.startsWith('E')) return connectionError(/timeout/i.test(message) ? { code: 'ETIMEDOUT' } : { code: code || 'ECONNRESET' }, place, signal)
  return queryError(error, place, signal)
}

function noEntryError(message: string, place: Place, isEncrypted: boolean, cause: unknown): AppError {
  if (/pg_hba\.conf/.test(message)) {
    const wantsTls = !isEncrypted && place.sslmode === 'disable'
    return new AppError('permission', {
      title: 'The server does not let this user in from our address',
      detail: `pg_hba.conf at ${where(place)} has no entry for user ${place.user}, database ${place.database}, ${isEncrypted ? 'with TLS' : 'without TLS'}`,
      advice: wantsTls ? 'Choose sslmode require: the server may take encrypted connections only' : 'Add a line for our inbound IP addresses to pg_hba.conf (hostssl, scram-sha-256), then reload the server',
    }, { cause })
  }
  const isNoLogin = /not permitted to log in/.test(message)
  return new AppError('credentials', {
    title: 'Sign-in to the database was refused',
    detail: isNoLogin ? `The role ${place.user} may not sign in` : `The server at ${where(place)} does not accept the user ${place.user}`,
    advice: isNoLogin ? `Run: ALTER ROLE ${quoted(place.user)} LOGIN` : 'Check the user, then test the connection again',
  }, { cause })
}

interface Meaning {
  code: ErrorCode
  title: string
  advice: string
  isRetryable: boolean
}

/** What the server's SQLSTATE codes, and classes of them, mean to a person. */
const MEANINGS: Record<string, Meaning> = {
  '42501': { code: 'permission', title: 'The user may not read this', advice: 'Grant SELECT on the table and USAGE on its schema to this user', isRetryable: false },
  '42P01': { code: 'missing_table', title: 'The table is gone', advice: 'Refresh the source; disable the table if it is gone for good', isRetryable: false },
  '3F000': { code: 'missing_table', title: 'The schema of the table is gone', advice: 'Refresh the source; disable the table if it is gone for good', isRetryable: false },
  '42703': { code: 'missing_column', title: 'A column is gone', advice: 'Sync again: the columns are read anew at the start of a sync', isRetryable: true },
  '57014': { code: 'source', title: 'The server cancelled the read', advice: 'It is tried again; if it stays, ask who cancels long statements (statement_timeout, an administrator)', isRetryable: true },
  '57P01': { code: 'source', title: 'The server ended the connection', advice: 'It is tried again; the server was stopped or an administrator ended the session', isRetryable: true },
  '57P02': { code: 'source', title: 'The server ended the connection after a crash', advice: 'It is tried again; the log of the server says what crashed', isRetryable: true },
  '57P03': { code: 'source', title: 'The server is starting up or shutting down', advice: 'It is tried again in a while', isRetryable: true },
  '57P04': { code: 'no_such_database', title: 'The database was dropped', advice: 'Check the database, or delete this source', isRetryable: false },
  '57P05': { code: 'source', title: 'The server ended the session for being idle', advice: 'It is tried again; raise idle_session_timeout for this user if it stays', isRetryable: true },
  '25P03': { code: 'source', title: 'The server ended the transaction for being idle', advice: 'It is tried again; raise idle_in_transaction_session_timeout for this user if it stays', isRetryable: true },
  '25P04': { code: 'timeout', title: 'The server ended the transaction for taking too long', advice: 'Raise transaction_timeout for this user', isRetryable: true },
  '40001': { code: 'source', title: 'The replica cancelled the read to keep up with its primary', advice: 'It is tried again; if it stays, raise max_standby_streaming_delay or turn hot_standby_feedback on', isRetryable: true },
  '40P01': { code: 'source', title: 'The read was caught in a deadlock', advice: 'It is tried again', isRetryable: true },
  '55P03': { code: 'timeout', title: 'The table is locked by another session', advice: 'It is tried again; look for a long ALTER TABLE, VACUUM FULL or LOCK at the source', isRetryable: true },
  '55000': { code: 'source', title: 'The table cannot be read now', advice: 'A materialised view must be filled first: REFRESH MATERIALIZED VIEW', isRetryable: false },
  '53300': { code: 'source', title: 'The server has no free connection', advice: 'It is tried again; raise max_connections or close connections that are not needed', isRetryable: true },
  '22021': { code: 'source', title: 'The table holds text that is not in the encoding of its database', advice: 'Mend the bytes at the source, or leave the column out', isRetryable: false },
  '22P05': { code: 'source', title: 'The table holds text that cannot be written as UTF-8', advice: 'Mend the text at the source, or leave the column out', isRetryable: false },
  '26000': { code: 'source', title: 'A connection pooler stands between and mixes sessions', advice: 'Use the direct address of the database instead of the pooler', isRetryable: true },
  XX001: { code: 'source', title: 'The server found damaged data in the table', advice: 'Ask the administrator of the database: it needs a repair or a backup', isRetryable: false },
  XX002: { code: 'source', title: 'The server found a damaged index', advice: 'Ask the administrator of the database: REINDEX mends it', isRetryable: false },
  '08': { code: 'unreachable', title: 'The connection to the server was lost', advice: 'It is tried again', isRetryable: true },
  '28': { code: 'credentials', title: 'Sign-in to the database was refused', advice: 'Check the user and the password, then test the connection again', isRetryable: false },
  '53': { code: 'source', title: 'The server is out of a resource', advice: 'It is tried again; look at the disk, the memory and the connections of the server', isRetryable: true },
  '57': { code: 'source', title: 'The server stopped the read', advice: 'It is tried again', isRetryable: true },
  '58': { code: 'source', title: 'The server has trouble with its own system', advice: 'It is tried again; the log of the server says more', isRetryable: true },
  '22': { code: 'source', title: 'The server cannot compute a value of this table', advice: 'Mend the row, or the view that computes it, at the source', isRetryable: false },
  '42': { code: 'source', title: 'The server did not accept the statement', advice: 'Refresh the source, then sync again', isRetryable: false },
}

const OTHER: Meaning = { code: 'source', title: 'The server reported an error', advice: 'The log of the server says more', isRetryable: true }

/** Has it a SQLSTATE? */
export function isFromServer(error: unknown): boolean {
  const { code = '' } = (error ?? {}) as ServerError
  return /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE'
}

/** A statement that failed, or a connection that was cut while it ran. */
export function queryError(error: unknown, place: Place, signal: AbortSignal, subject?: string): AppError {
  if (error instanceof AppError) return error
  if (signal.aborted) return aborted(signal, error)
  const server = error as ServerError
  const code = server.code ?? ''
  if (!isFromServer(error)) {
    return new AppError('unreachable', {
      title: 'The connection to the server was lost',
      detail: `${where(place)} closed it before the end${subject ? ` of ${subject}` : ''}`,
      advice: 'It is tried again; if it stays, look at the log of the server and at firewalls that cut long connections',
    }, { isRetryable: true, cause: error })
  }
  if (code === '42501' && /row-level security/.test(server.message ?? '')) return new AppError('permission', rowSecurityWords(place.user), { cause: error })
  const meaning = poolerMeaning(server) ?? MEANINGS[code] ?? MEANINGS[code.slice(0, 2)] ?? OTHER
  const detail = [subject, serverText(server, place)].filter(Boolean).join(': ')
  return new AppError(meaning.code, { title: meaning.title, detail, advice: meaning.advice }, { isRetryable: meaning.isRetryable, cause: error })
}

/** A filtered table would be a wrong number, so it is refused instead. */
export function rowSecurityWords(user: string): ErrorWords {
  return {
    title: 'Row-level security hides rows of this table',
    detail: `Its policies apply to user ${user}, so that a copy would lack rows without saying so`,
    advice: `Run: ALTER ROLE ${quoted(user)} BYPASSRLS (or offer a view of the rows that may be copied)`,
  }
}

export function idleError(place: Place): AppError {
  return new AppError('timeout', {
    title: 'The server stopped sending',
    detail: `Nothing came from ${where(place)} for ${limits.sourceIdleSeconds} seconds`,
    advice: 'It is tried again; look for locks and long waits at the server',
  }, { isRetryable: true })
}

function aborted(signal: AbortSignal, cause: unknown): AppError {
  if (signal.reason instanceof AppError) return signal.reason
  if ((signal.reason as Error | undefined)?.name === 'TimeoutError') {
    return new AppError('timeout', { title: 'The server took too long', advice: 'Try again; if it stays, look at the load of the server' }, { isRetryable: true, cause })
  }
  return new AppError('cancelled', { title: 'Cancelled' }, { cause })
}

/** What the server says, on one line; a server that repeats the password back is not repeated. */
function serverText({ message, detail, hint }: ServerError, place: Place): string {
  const text = [message, detail, hint].filter(Boolean).join('; ').replace(/\s+/g, ' ').slice(0, 500)
  const isSecret = place.password.length > 0 && ![place.user, place.database, place.host].includes(place.password)
  return isSecret ? text.replaceAll(place.password, '•••') : text
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
