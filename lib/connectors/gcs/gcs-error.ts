import { z } from 'zod'
import { AppError, type ErrorWords } from '@/lib/core/errors'
import type { HttpAnswer } from '../http'

/** What was being done when it was refused. */
export interface Doing {
  bucket: string
  act: 'list' | 'read'
  key?: string
  /** Who asks: the service account's address. */
  who: string
}

const Refusal = z.object({ error: z.object({ message: z.string().default(''), errors: z.array(z.object({ reason: z.string().default('') })).default([]) }) })

const ROLE = 'Grant it the role Storage Object Viewer on the bucket'

/** An answer of Google's that is no success, in words: https://cloud.google.com/storage/docs/json_api/v1/status-codes. */
export function gcsError({ status, body }: HttpAnswer, doing: Doing): AppError {
  const { message, reason } = saidIn(body)
  const cause = new Error(`HTTP ${status} ${reason}`)
  const { bucket, key, who } = doing
  const told = (code: AppError['code'], words: ErrorWords, isRetryable = false) => new AppError(code, words, { cause, isRetryable })
  if (status === 429 || /ratelimitexceeded/i.test(reason)) return told('rate_limited', { title: 'Google’s limit on requests is used up', detail: said(status, message), advice: 'It is tried again' }, true)
  if (status >= 500 || status === 408) return told('source', { title: 'Google failed to answer', detail: said(status, message), advice: 'Try again; if it stays, look at https://status.cloud.google.com' }, true)
  if (status === 401) return told('credentials', { title: 'Google does not accept the credentials', detail: said(status, message), advice: 'Make a new key for the service account and enter the file' })
  if (/requester pays/i.test(message)) return told('permission', { title: 'The bucket bills those who read it', detail: said(status, message), advice: 'Turn Requester pays off for the bucket' })
  if (/billing/i.test(message) || reason === 'accountDisabled') return told('source', { title: 'The project of the bucket is not paid for', detail: said(status, message), advice: 'See its billing account in the Google Cloud console' })
  if (/organization'?s policy|vpcServiceControls/i.test(`${message} ${reason}`)) return told('permission', { title: 'A policy of the organisation keeps us out', detail: said(status, message), advice: 'Let our inbound IP addresses in (VPC Service Controls)' })
  if (reason === 'accessNotConfigured' || /has not been used in project/i.test(message)) return told('permission', { title: 'The project has the Cloud Storage API turned off', detail: said(status, message), advice: 'Turn it on under APIs & Services' })
  if (status === 403) return told('permission', permissionWords(doing, message))
  if (status === 404) return key === undefined || /bucket does not exist/i.test(message)
    ? told('not_found', { title: `There is no bucket named ${bucket}`, detail: said(status, message), advice: 'Check its name in the address of the files' })
    : told('not_found', { title: 'There is no such file', detail: `gs://${bucket}/${key}`, advice: 'Check the address of the files' })
  return told('source', { title: 'Google did not accept the request', detail: `${said(status, message)}, asked by ${who}`, advice: 'Check the address of the files' })
}

/** Google does not say of what is not there that it is not there to one who may not know. */
function permissionWords({ act, bucket, who }: Doing, message: string): ErrorWords {
  const missing = /storage\.[a-z]+\.[a-z]+/i.exec(message)?.[0] ?? (act === 'list' ? 'storage.objects.list' : 'storage.objects.get')
  if (act === 'list') return { title: `${who} may not list the bucket ${bucket}`, detail: `It lacks ${missing}, or there is no such bucket`, advice: `${ROLE}; if it has it, check the bucket’s name` }
  return { title: `${who} may not read the files of ${bucket}`, detail: `It lacks ${missing}`, advice: ROLE }
}

function saidIn(body: Buffer): { message: string; reason: string } {
  let given: unknown
  try {
    given = JSON.parse(body.toString('utf8'))
  } catch {
    // where bytes are asked for a refusal is bare text; a page of a gateway says nothing to people
    const text = body.subarray(0, 2000).toString('utf8').trim()
    return { message: text.startsWith('<') ? '' : text, reason: '' }
  }
  const { error } = Refusal.catch({ error: { message: '', errors: [] } }).parse(given)
  return { message: error.message, reason: error.errors[0]?.reason ?? '' }
}

function said(status: number, message: string): string {
  return message === '' ? `HTTP ${status}` : `HTTP ${status}: ${message.replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 300)}`
}
