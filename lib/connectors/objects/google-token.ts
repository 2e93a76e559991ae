import { createPrivateKey, createSign } from 'node:crypto'
import { z } from 'zod'
import { AppError, type ErrorWords } from '@/lib/core/errors'
import type { HttpAuth } from '../http'

const GOOGLE_TOKENS = 'https://oauth2.googleapis.com/token'
/** What Google allows at most. */
const ASSERTION_SECONDS = 3600

const KeyFile = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3),
  private_key: z.string(),
  private_key_id: z.string().optional(),
  token_uri: z.url().default(GOOGLE_TOKENS),
})
export type ServiceAccount = z.output<typeof KeyFile>

/** The field for a service account's key file; the text stays as it is, and is understood by `serviceAccountOf`. */
export function keyFileField() {
  return z.string().superRefine((text, context) => {
    const wrong = problemOf(text)
    if (wrong) context.addIssue({ code: 'custom', message: wrong, input: undefined })
  })
}

/** @param text as `keyFileField` let it pass */
export function serviceAccountOf(text: string): ServiceAccount {
  return KeyFile.parse(JSON.parse(text))
}

function problemOf(text: string): string | null {
  const given = jsonOf(text)
  const { type } = z.object({ type: z.string() }).catch({ type: '' }).parse(given)
  if (given === undefined) return 'This is no JSON: paste the whole key file, from { to }'
  if (type !== 'service_account') return `The key file of a service account says "type": "service_account"${type === '' ? '' : `; this one says ${JSON.stringify(type.slice(0, 40))}`}`
  const read = KeyFile.safeParse(given)
  if (!read.success) return `The key file lacks ${String(read.error.issues[0]?.path[0] ?? 'something')}: download a new one`
  try {
    if (createPrivateKey(read.data.private_key).asymmetricKeyType === 'rsa') return null
  } catch {
    // said below: what the library says may hold a piece of the key
  }
  return 'The private key in the file cannot be read: paste the file as it was downloaded'
}

/**
 * Access tokens by an assertion that the account's key signs (RFC 7523). It goes to the address that the key file names, which must be
 * Google's, or where the source's own endpoint is. @param endpoint where the API is
 */
export function googleAuth(account: ServiceAccount, scope: string, endpoint: string): HttpAuth {
  const tokenUrl = account.token_uri
  const { hostname, protocol, origin } = new URL(tokenUrl)
  const isGoogles = protocol === 'https:' && /(^|\.)(googleapis|google)\.com$/.test(hostname)
  if (!isGoogles && origin !== new URL(endpoint).origin) {
    throw new AppError('bad_config', { title: 'The key file names a strange address for tokens', detail: `Its token_uri is at ${hostname}`, advice: 'Download the key file again from the Google Cloud console' })
  }
  const fields = () => ({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: assertion(account, scope) })
  return { kind: 'oauth2', tokenUrl, clientId: '', clientSecret: '', clientIn: 'nowhere', fields, explain: (refusal) => explained(refusal, account) }
}

/** What must be seen in no line and no error. */
export function keyFileSecrets(text: string): string[] {
  const { private_key: key, private_key_id: id } = serviceAccountOf(text)
  return [text, key, ...(id === undefined ? [] : [id])]
}

function assertion({ client_email: iss, private_key: key, private_key_id: kid, token_uri: aud }: ServiceAccount, scope: string): string {
  const iat = Math.floor(Date.now() / 1000)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT', ...(kid !== undefined && { kid }) })}.${part({ iss, scope, aud, iat, exp: iat + ASSERTION_SECONDS })}`
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(key, 'base64url')}`
}

function explained(refusal: string, { client_email: email }: ServiceAccount): ErrorWords | undefined {
  if (/invalid jwt signature/i.test(refusal)) return { title: 'Google does not accept the key of the service account', detail: `The key of ${email} was deleted or disabled`, advice: 'Make a new key for the account and enter the file' }
  if (/timeframe|iat|expir/i.test(refusal)) return { title: 'The clock of this machine is wrong', detail: `Google does not accept the time ${new Date().toISOString()}`, advice: 'Set the clock, then try again' }
  if (/account not found|disabled|deleted|invalid_client/i.test(refusal)) return { title: 'Google does not know the service account', detail: `${email} was deleted or disabled`, advice: 'See IAM & Admin, Service Accounts in the Google Cloud console' }
  return undefined
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined // said by who asks
  }
}
