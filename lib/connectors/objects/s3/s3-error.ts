import { z } from 'zod'
import { AppError, type ErrorCode, type ErrorWords } from '@/lib/core/errors'
import { stopped } from '../../stopped'
import { noSuchBucket, type S3Store } from './s3-store'

/** What was being done when it failed. */
export interface Doing {
  bucket: string
  act: 'sign in' | 'list' | 'read'
  key?: string
}

/** What the vendor's client throws for an answer that is no success; the fields beside these are the answer's own. */
const Refusal = z.object({
  name: z.string(),
  message: z.string().default(''),
  $metadata: z.object({ httpStatusCode: z.number().optional() }),
  $response: z.object({ headers: z.record(z.string(), z.string()).default({}) }).optional(),
  Region: z.string().optional(),
})
type Refusal = z.infer<typeof Refusal>

/** Whatever a request threw, in words. What the store says is matched, never repeated: it may hold what it was sent. */
export function s3Error(error: unknown, store: S3Store, doing: Doing, signal: AbortSignal): AppError {
  const why = stopped(signal, store.service, store.words.status)
  if (why) return why
  if (error instanceof AppError) return error
  const refusal = Refusal.safeParse(error).data
  const status = refusal?.$metadata.httpStatusCode
  if (!refusal || status === undefined || status < 300) {
    return new AppError('source', { title: `The answer is not one of ${store.service}’s`, detail: 'It is not what the protocol of S3 has there', advice: 'Check the address of the store; it must be that of its S3 interface' }, { cause: error })
  }
  const code = s3Code(error)
  const cause = new Error(`HTTP ${status} ${code}`) // the client's own error repeats what the store said
  const known = KNOWN[code] ?? byStatus(status, refusal)
  if (known) return known({ refusal, store, doing, code, status, cause })
  return new AppError('source', { title: `${store.service} did not accept the request`, detail: `${where(doing)}: ${said(status, code)}`, advice: 'Check the address of the files and the settings of the source' }, { cause })
}

/** The store's name for what is wrong; '' when it has none. */
export function s3Code(error: unknown): string {
  const refusal = Refusal.safeParse(error).data
  if (!refusal) return ''
  // the client's own stand-ins for an answer without a body
  return /^[A-Z][A-Za-z0-9.]{2,60}$/.test(refusal.name) && !['Unknown', 'UnknownError', 'Error', 'SyntaxError'].includes(refusal.name) ? refusal.name : ''
}

export function s3Status(error: unknown): number {
  return Refusal.safeParse(error).data?.$metadata.httpStatusCode ?? 0
}

interface Told {
  refusal: Refusal
  store: S3Store
  doing: Doing
  code: string
  status: number
  cause: Error
}

type Teller = (told: Told) => AppError

const credentials = (words: (told: Told) => ErrorWords): Teller => (told) => new AppError('credentials', words(told), { cause: told.cause })
const fatal = (code: ErrorCode, words: (told: Told) => ErrorWords): Teller => (told) => new AppError(code, words(told), { cause: told.cause })

const unknownKey = credentials(({ store }) => ({ title: `${store.service} does not know the access key`, detail: `There is no ${store.accessKeyId}, or it was deleted`, advice: store.words.keys }))

const wrongSecret = credentials(({ store }) => ({ title: 'The secret does not belong to the access key', detail: `${store.service} knows ${store.accessKeyId}, and refuses what was signed with the secret`, advice: `Copy the secret again, whole. ${store.words.keys}` }))

const expired = credentials(() => ({ title: 'The session token is no longer good', detail: 'Keys with a session token are good for some hours only', advice: 'Enter new ones, or better a key that lasts' }))

const skewed = credentials(({ store, refusal }) => ({
  title: 'The clock of this machine is wrong',
  detail: `It shows ${new Date().toISOString()}, and ${store.service}’s shows ${serverTime(refusal)}`,
  advice: 'Set the clock; requests are taken whose time differs by less than 15 minutes',
}))

const elsewhere = fatal('bad_config', ({ refusal, store, doing }) => {
  const region = refusal.Region ?? refusal.$response?.headers['x-amz-bucket-region']
  const isTold = region !== undefined && /^[a-z0-9-]{2,40}$/.test(region)
  return {
    title: 'The bucket is in another region',
    detail: `${doing.bucket === '' ? 'What was asked for' : doing.bucket} is ${isTold ? `in ${region}` : 'elsewhere'}, and was asked for in ${store.region ?? 'another one'}`,
    advice: isTold ? `Set the region to ${region}, or leave it blank` : 'Set the region of the bucket, or leave it blank',
  }
})

const archived = fatal('source', ({ doing }) => ({
  title: 'The file is archived',
  detail: `${where(doing)} cannot be read before it is restored, which takes minutes to hours`,
  advice: 'Restore it, or choose a pattern that leaves archived files out',
}))

const encrypted = fatal('permission', ({ doing }) => ({
  title: 'The file is encrypted with a key that we may not use',
  detail: where(doing),
  advice: 'Allow kms:Decrypt on that key to the owner of the access key, in the key’s policy too',
}))

const customerKey = fatal('permission', ({ doing }) => ({ title: 'The file is encrypted with a key of its owner’s', detail: `${where(doing)} was written with a key that the store does not keep`, advice: 'Write it again with the encryption of the bucket' }))

const denied: Teller = (told) => {
  const { store, doing, refusal, status, code, cause } = told
  if (/\bkms:/i.test(refusal.message)) return encrypted(told)
  const words = doing.act === 'list' ? store.words.list(doing.bucket) : doing.act === 'read' ? store.words.read(doing.bucket) : { title: 'The key may not do this', advice: store.words.keys }
  return new AppError('permission', { ...words, detail: [words.detail, `${where(doing)}: ${said(status, code)}`].filter(Boolean).join('. ') }, { cause })
}

const busy: Teller = ({ store, status, code, cause }) => new AppError('rate_limited', { title: `${store.service} asks to slow down`, detail: said(status, code), advice: store.words.status }, { isRetryable: true, cause })

const failing: Teller = ({ store, status, code, cause }) => new AppError('source', { title: `${store.service} failed to answer`, detail: said(status, code), advice: store.words.status }, { isRetryable: true, cause })

const badRequest: Teller = (told) => {
  const { refusal, store, doing, status, code, cause } = told
  if (/credential|access key/i.test(refusal.message)) return unknownKey(told)
  if (/server.side encryption/i.test(refusal.message)) return customerKey(told)
  return new AppError('source', { title: `${store.service} did not accept the request`, detail: `${where(doing)}: ${said(status, code)}`, advice: 'Check the address of the files and the settings of the source' }, { cause })
}

/** By the names of S3, which the others share: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html. */
const KNOWN: Record<string, Teller> = {
  NoSuchBucket: ({ store, doing, cause }) => noSuchBucket(store, doing.bucket, cause),
  InvalidBucketName: fatal('invalid', ({ doing }) => ({ title: 'The bucket’s name is none', detail: doing.bucket, advice: 'Check its name in the address of the files' })),
  NoSuchKey: fatal('not_found', ({ doing }) => ({ title: 'There is no such file', detail: where(doing), advice: 'Check the address of the files' })),
  InvalidAccessKeyId: unknownKey,
  Unauthorized: unknownKey,
  NotSignedUp: credentials(({ store }) => ({ title: `The account is not signed up for ${store.service}`, detail: `The owner of ${store.accessKeyId}`, advice: store.words.keys })),
  SignatureDoesNotMatch: wrongSecret,
  ExpiredToken: expired,
  InvalidToken: expired,
  TokenRefreshRequired: expired,
  RequestTimeTooSkewed: skewed,
  RequestExpired: skewed,
  PermanentRedirect: elsewhere,
  TemporaryRedirect: elsewhere,
  AuthorizationHeaderMalformed: elsewhere,
  IllegalLocationConstraintException: elsewhere,
  InvalidObjectState: archived,
  AccessDenied: denied,
  AllAccessDisabled: denied,
  'KMS.DisabledException': encrypted,
  'KMS.NotFoundException': encrypted,
  'KMS.KMSInvalidStateException': encrypted,
  SlowDown: busy,
  ServiceUnavailable: busy,
  TooManyRequests: busy,
  RequestTimeout: failing,
  InternalError: failing,
  InvalidRequest: badRequest,
  InvalidArgument: badRequest,
}

function byStatus(status: number, { $response }: Refusal): Teller | undefined {
  if (status === 301 || status === 307 || (status === 400 && $response?.headers['x-amz-bucket-region'] !== undefined)) return elsewhere
  if (status === 401) return unknownKey
  if (status === 403) return denied
  if (status === 429 || status === 503) return busy
  if (status >= 500 || status === 408) return failing
  return undefined
}

function serverTime({ $response }: Refusal): string {
  const time = Date.parse($response?.headers.date ?? '')
  return Number.isNaN(time) ? 'another time' : new Date(time).toISOString()
}

function where({ bucket, key }: Doing): string {
  return key === undefined ? (bucket === '' ? 'the account' : `the bucket ${bucket}`) : `${bucket}/${key.slice(0, 300)}`
}

const said = (status: number, code: string) => (code === '' ? `HTTP ${status}` : `HTTP ${status} ${code}`)
