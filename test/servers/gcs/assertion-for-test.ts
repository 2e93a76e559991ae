import { sign } from 'node:crypto'
import type { GcsServer, ServiceAccountKey } from './gcs-server'

export const READ_ONLY = 'https://www.googleapis.com/auth/devstorage.read_only'

/** An assertion as a client writes it, with any claim or header changed; made apart from the code that verifies it. */
export function assertionOf(key: ServiceAccountKey, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
  const now = Math.floor(Date.now() / 1000)
  const parts = [{ alg: 'RS256', typ: 'JWT', kid: key.private_key_id, ...header }, { iss: key.client_email, scope: READ_ONLY, aud: key.token_uri, iat: now, exp: now + 3600, ...claims }]
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key.private_key).toString('base64url')}`
}

export async function exchange(server: GcsServer, assertion: string, grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'): Promise<{ status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${server.url}/token`, { method: 'POST', body: new URLSearchParams({ grant_type: grant, assertion }) })
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> } // its shape is what the tests look at
}

/** A bearer token for a key. */
export async function signIn(server: GcsServer, key: ServiceAccountKey, claims?: Record<string, unknown>): Promise<string> {
  return String((await exchange(server, assertionOf(key, claims))).answer.access_token)
}
