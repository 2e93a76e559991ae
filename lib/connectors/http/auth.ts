import type { HttpAuth } from './types'

/** How a session signs its requests. */
export interface Signer {
  /** The headers that carry the key; they may have to be fetched first. */
  headers(signal: AbortSignal): Promise<Record<string, string>>
  /** Told of a 401 to a request with these headers: may the same request pass with new ones? */
  renew(refused: Record<string, string>): boolean
  /** What is in no line and no error; more may come with time. */
  secrets(): string[]
  close(): void
}

/** A signer whose key never changes; without `auth`, one that signs nothing. */
export function fixedSigner(auth: Exclude<HttpAuth, { kind: 'oauth2' }> | undefined): Signer {
  const headers = fixedHeaders(auth)
  const secrets = auth?.kind === 'bearer' ? [auth.token] : auth?.kind === 'basic' ? [auth.password, `${auth.user}:${auth.password}`] : []
  return { headers: () => Promise.resolve(headers), renew: () => false, secrets: () => secrets, close: () => {} }
}

function fixedHeaders(auth: Exclude<HttpAuth, { kind: 'oauth2' }> | undefined): Record<string, string> {
  if (auth?.kind === 'bearer') return { authorization: `Bearer ${auth.token}` }
  if (auth?.kind === 'basic') return { authorization: basic(auth.user, auth.password) }
  return {}
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
