import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID, verify, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Refusal, TokenRefusal } from './refusal'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const SCOPE = 'https://www.googleapis.com/auth/'
const LONGEST = 3600
/** How far the clock of a client may be off. */
const SKEW = 300
const READ_SCOPES = ['devstorage.read_only', 'devstorage.read_write', 'devstorage.full_control', 'cloud-platform', 'cloud-platform.read-only']

/** The file that Google hands out for a service account. */
export interface ServiceAccountKey {
  type: 'service_account'
  project_id: string
  private_key_id: string
  private_key: string
  client_email: string
  client_id: string
  token_uri: string
}

const Header = z.object({ alg: z.literal('RS256'), typ: z.literal('JWT').optional(), kid: z.string().optional() })
const Claims = z.object({ iss: z.string(), scope: z.string().optional(), aud: z.string(), iat: z.number().int(), exp: z.number().int(), sub: z.string().optional() })

/** Service accounts, their keys, and the bearer tokens that they got. */
export class Accounts {
  private readonly keys = new Map<string, Map<string, KeyObject>>()
  private readonly tokens = new Map<string, { email: string; scopes: string[]; until: number }>()

  create(name: string, tokenUri: string): ServiceAccountKey {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
    const email = `${name}@tributary-test.iam.gserviceaccount.com`
    const keyId = randomBytes(20).toString('hex')
    const keys = this.keys.get(email) ?? new Map<string, KeyObject>()
    this.keys.set(email, keys.set(keyId, createPublicKey(publicKey)))
    return { type: 'service_account', project_id: 'tributary-test', private_key_id: keyId, private_key: privateKey, client_email: email, client_id: '100000000000000000001', token_uri: tokenUri }
  }

  /** A key that was deleted signs no more; tokens that it got live on. */
  deleteKey(key: ServiceAccountKey): void {
    this.keys.get(key.client_email)?.delete(key.private_key_id)
  }

  /** A bearer token for a signed assertion; `now` in seconds. */
  exchange(form: URLSearchParams, tokenUri: string, now: number, seconds: number): Record<string, unknown> {
    if (form.get('grant_type') !== GRANT) throw new TokenRefusal('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`)
    const { email, scopes } = this.verifyAssertion(form.get('assertion') ?? '', tokenUri, now)
    const token = `ya29.${randomUUID()}`
    this.tokens.set(token, { email, scopes, until: now + seconds })
    return { access_token: token, expires_in: seconds, token_type: 'Bearer' }
  }

  /** The account behind an Authorization header; undefined without one. */
  whoIs(authorization: string | undefined, now: number): string | undefined {
    if (authorization === undefined) return undefined
    const token = this.tokens.get(/^Bearer (\S+)$/.exec(authorization)?.[1] ?? '')
    if (!token || token.until <= now) throw new Refusal(401, 'authError', 'Invalid Credentials', { locationType: 'header', location: 'Authorization' })
    if (!token.scopes.some((scope) => READ_SCOPES.includes(scope))) throw new Refusal(403, 'forbidden', 'Provided scope(s) are not authorized')
    return token.email
  }

  private verifyAssertion(assertion: string, tokenUri: string, now: number): { email: string; scopes: string[] } {
    const [header, claims, signature, ...rest] = assertion.split('.')
    const [head, body] = [Header.safeParse(decode(header)), Claims.safeParse(decode(claims))]
    if (!head.success || !body.success || !signature || rest.length) throw new TokenRefusal('invalid_grant', 'Invalid JWT: Failed to parse the assertion.')
    const { iss, aud, iat, exp, sub, scope } = body.data
    const keys = this.keys.get(iss)
    if (!keys) throw new TokenRefusal('invalid_grant', 'Invalid grant: account not found')
    const candidates = head.data.kid === undefined ? [...keys.values()] : [keys.get(head.data.kid)].filter((key) => key !== undefined)
    if (!candidates.some((key) => verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url')))) throw new TokenRefusal('invalid_grant', 'Invalid JWT Signature.')
    if (aud !== tokenUri) throw new TokenRefusal('invalid_grant', `Invalid JWT: Failed audience check. The right audience is ${tokenUri}`)
    if (iat > now + SKEW || exp <= now - SKEW || exp <= iat || exp - iat > LONGEST) throw new TokenRefusal('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.')
    if (sub !== undefined && sub !== iss) throw new TokenRefusal('unauthorized_client', 'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.')
    const scopes = (scope ?? '').split(' ').filter(Boolean)
    if (!scopes.length || scopes.some((each) => !each.startsWith(SCOPE))) throw new TokenRefusal('invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
    return { email: iss, scopes: scopes.map((each) => each.slice(SCOPE.length)) }
  }
}

function decode(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
  } catch {
    return undefined // refused by the shape that it lacks
  }
}
