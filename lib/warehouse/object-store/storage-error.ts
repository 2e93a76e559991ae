import { z } from 'zod'
import { AppError, type ErrorCode } from '@/lib/core/errors'
import type { BucketSettings } from './bucket-settings'

/** What was being done when it failed. */
export interface Doing {
  act: 'write' | 'read' | 'list' | 'remove'
  /** Of the file, without the prefix. */
  key?: string
}

/** The bytes that came are not those that were meant; asked for again they may be. */
export class Torn extends Error {}

/** What the vendor’s client throws for an answer that is no success. */
const Refusal = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }),
  $response: z.object({ headers: z.record(z.string(), z.string()).default({}) }).optional(),
})

const NETWORK = new Set(['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_SSL_WRONG_VERSION_NUMBER'])
/** Refusals that another try may not meet, though their status says otherwise. */
const PASSING = new Set(['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'RequestTimeout', 'RequestTimeTooSkewed', 'BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody', 'ConditionalRequestConflict', 'OperationAborted', 'InternalError'])
const FULL = new Set(['QuotaExceeded', 'InsufficientStorage', 'StorageFull', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'StorageQuotaExceeded'])
const FULL_STATUS = 507
const LASTING_STATUS = [501, 505, FULL_STATUS]

export function statusOf(error: unknown): number {
  return Refusal.safeParse(error).data?.$metadata.httpStatusCode ?? 0
}

/** The store’s name for what is wrong; empty when it has none. */
export function codeOf(error: unknown): string {
  const name = Refusal.safeParse(error).data?.name ?? ''
  return /^[A-Z][A-Za-z0-9.]{2,60}$/.test(name) && !['Unknown', 'UnknownError', 'Error', 'SyntaxError', 'TimeoutError'].includes(name) ? name : ''
}

/** May the same request pass when it is made again? */
export function mayPass(error: unknown): boolean {
  if (error instanceof AppError) return false
  if (error instanceof Torn || isSilence(error) || isNetwork(error)) return true
  const status = statusOf(error)
  if (PASSING.has(codeOf(error))) return true
  if (FULL.has(codeOf(error))) return false
  // what began as a success and is no answer of this protocol was broken off
  if (status >= 200 && status < 300) return true
  return status === 408 || status === 429 || (status >= 500 && !LASTING_STATUS.includes(status))
}

/** Is it said that the store has no such feature? */
export function isUnknownFeature(error: unknown): boolean {
  return statusOf(error) === 501 || codeOf(error) === 'NotImplemented'
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function isNetwork(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  return NETWORK.has(code) || code.startsWith('HPE_') || code.startsWith('CERT_') || (error instanceof Error && error.message === 'aborted')
}

/**
 * Whatever a request to the bucket threw, in words. What is wrong with the bucket is no table’s fault, so that it never stops a schedule: all of it may pass once
 * somebody has mended it. What the store says is matched, never repeated.
 */
export function storageError(error: unknown, settings: BucketSettings, doing: Doing): unknown {
  if (error instanceof AppError) return error
  const tell = (code: ErrorCode, title: string, detail: string, advice: string) => new AppError(code, { title, detail, advice }, { isRetryable: true, cause: causeOf(error) })
  const { where, service } = placesOf(settings, doing)
  if (isSilence(error)) return tell('timeout', 'The bucket of the warehouse does not answer', `${service} sent nothing for too long: ${where}`, 'See whether the store works, and whether this machine reaches it')
  if (error instanceof Torn) return tell('unreachable', 'The bucket of the warehouse sends broken answers', `${where}: ${error.message}`, 'See whether the store works, and what stands between it and this machine')
  if (isNetwork(error)) return tell('unreachable', 'The bucket of the warehouse cannot be reached', `${service}: ${(error as NodeJS.ErrnoException).code ?? 'the connection broke'}`, 'Check S3_ENDPOINT, and whether this machine reaches the store')
  const errno = (error as NodeJS.ErrnoException | undefined)?.code
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return tell('storage_full', 'The disk of this machine is full', 'There is no room for the files of the warehouse that are needed here', 'Make room on the disk of the data folder, or lower WAREHOUSE_CACHE_BYTES')
  if (error instanceof Error && error.name === 'CredentialsProviderError') return tell('credentials', 'There is no key for the bucket of the warehouse', `${settings.url} was asked for, and this machine has neither a key nor a role`, 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  return statusOf(error) === 0 ? error : refusalError(error, settings, doing, tell)
}

type Tell = (code: ErrorCode, title: string, detail: string, advice: string) => AppError

function refusalError(error: unknown, settings: BucketSettings, doing: Doing, tell: Tell): AppError {
  const { where, service } = placesOf(settings, doing)
  const [status, code] = [statusOf(error), codeOf(error)]
  const said = [where, [`HTTP ${status}`, code].filter(Boolean).join(' ')].join(': ')
  if (code === 'NoSuchBucket') return tell('bad_config', `There is no bucket named ${settings.name}`, `${service} does not have it, and WAREHOUSE_URL names it`, 'Make the bucket, or correct WAREHOUSE_URL and S3_ENDPOINT')
  if (code === 'InvalidBucketName') return tell('bad_config', 'The bucket’s name is none', settings.name, 'Correct WAREHOUSE_URL')
  if (FULL.has(code) || status === FULL_STATUS) return tell('storage_full', 'The bucket of the warehouse is full', said, 'Make room in the store or raise its quota; nothing that was there is lost')
  if (['InvalidAccessKeyId', 'Unauthorized', 'NotSignedUp'].includes(code) || status === 401) return tell('credentials', 'The bucket of the warehouse does not know the key', said, 'Correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  if (code === 'SignatureDoesNotMatch') return tell('credentials', 'The secret does not belong to the key of the warehouse’s bucket', said, 'Correct AWS_SECRET_ACCESS_KEY')
  if (['ExpiredToken', 'InvalidToken', 'TokenRefreshRequired'].includes(code)) return tell('credentials', 'The key of the warehouse’s bucket is no longer good', said, 'Set a new AWS_SESSION_TOKEN with its key, or better a key or a role that lasts')
  if (['RequestTimeTooSkewed', 'RequestExpired'].includes(code)) return tell('credentials', 'The clock of this machine is wrong', `It shows ${new Date().toISOString()}, and the store another time`, 'Set the clock')
  if ([301, 307].includes(status) || ['AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'].includes(code)) return tell('bad_config', 'The bucket of the warehouse is in another region', `${settings.name} was asked for in ${settings.region}${regionOf(error)}`, 'Set AWS_REGION to the region of the bucket')
  if (status === 403) return tell('permission', `The key may not ${PERMISSIONS[doing.act].words} in the bucket of the warehouse`, said, `Allow ${PERMISSIONS[doing.act].actions} on ${settings.url} to the key`)
  if (status === 429 || status === 503 || code.startsWith('SlowDown')) return tell('rate_limited', 'The bucket of the warehouse asks to slow down', said, 'It is tried again later; if it stays, ask who runs the store')
  if (status >= 500 || status === 408) return tell('unreachable', 'The bucket of the warehouse failed to answer', said, 'See whether the store works')
  if (status < 300) return tell('bad_config', 'What answers is no store that speaks S3', said, 'Check S3_ENDPOINT; it must be the address of the store’s S3 interface')
  return tell('internal', 'The bucket of the warehouse did not accept a request', said, 'Check WAREHOUSE_URL and S3_ENDPOINT; if they are right, report this')
}

const PERMISSIONS = {
  write: { words: 'write', actions: 's3:PutObject and s3:AbortMultipartUpload' },
  read: { words: 'read', actions: 's3:GetObject' },
  list: { words: 'list', actions: 's3:ListBucket and s3:ListBucketMultipartUploads' },
  remove: { words: 'remove', actions: 's3:DeleteObject' },
}

function placesOf({ name, prefix, endpoint }: BucketSettings, { key }: Doing): { where: string; service: string } {
  return { where: key === undefined ? `the bucket ${name}` : `${name}/${prefix}${key}`, service: endpoint === undefined ? 'Amazon S3' : new URL(endpoint).host }
}

function regionOf(error: unknown): string {
  const region = Refusal.safeParse(error).data?.$response?.headers['x-amz-bucket-region'] ?? ''
  return /^[a-z0-9-]{2,40}$/.test(region) ? `; it is in ${region}` : ''
}

/** The client’s own error repeats what the store said, which may be what it was sent. */
function causeOf(error: unknown): unknown {
  return statusOf(error) ? new Error(`HTTP ${statusOf(error)} ${codeOf(error)}`) : error
}
