import { AppError } from '@/lib/core/errors'
import type { HttpAnswer } from './types'

const LONGEST = 300

/** An answer that is not 2xx, in words. `blot` takes the secrets out of what the service says. */
export function refusedInWords({ status, headers, body }: HttpAnswer, host: string, blot: (text: string) => string): AppError {
  // blotted while it is whole: half a secret would not be found
  const said = blot(messageOf(body, headers['content-type'] ?? '')).replace(/[\s\p{Cc}]+/gu, ' ').trim().slice(0, LONGEST)
  const detail = said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`
  if (status === 401) return new AppError('credentials', { title: `${host} does not accept the credentials`, detail, advice: 'Check that they were copied whole and have not expired or been revoked' })
  if (status === 403) return new AppError('permission', { title: `The credentials do not allow this at ${host}`, detail, advice: 'Grant what is missing where the credentials were made' })
  if (status === 404 || status === 410) return new AppError('not_found', { title: `${host} does not have this`, detail, advice: 'It was deleted, or the address of the API is another one' })
  if (status === 429) return new AppError('rate_limited', { title: `The limit on requests to ${host} is used up`, detail, advice: 'It is tried again; if it stays, see what else uses the requests of this account' }, { isRetryable: true })
  if (status >= 500 || status === 408 || status === 425) return new AppError('source', { title: `${host} failed to answer`, detail, advice: 'Try again later; if it stays, look at the status page of the service' }, { isRetryable: true })
  if (status >= 300 && status < 400) return new AppError('source', { title: `${host} points elsewhere`, detail, advice: 'Check the address of the API' })
  return new AppError('source', { title: `${host} did not accept the request`, detail, advice: 'Refresh the source, then sync again' }, { isRetryable: status === 409 })
}

/** The parsed body; AppError `source` when it is no JSON. */
export function parsedJson({ body, headers }: HttpAnswer, host: string): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (cause) {
    const type = (headers['content-type'] ?? '').split(';')[0]?.trim().slice(0, 60)
    const what = body.length === 0 ? 'It is empty' : type === '' || type?.includes('json') ? 'Its text is no JSON' : `It is ${type}`
    // JSON.parse repeats a piece of the text, which may hold a secret
    throw new AppError('source', { title: `An answer of ${host} is not JSON`, detail: what, advice: 'Check that the address is that of the API' }, { cause: new SyntaxError(`no JSON: ${(cause as Error).name}`) })
  }
}

/** What the service says itself, wherever its kind of error has it; "" when that is nothing for people, such as a page. */
function messageOf(body: Buffer, type: string): string {
  const text = body.subarray(0, 64 * 1024).toString('utf8').trim()
  let message: string | undefined
  try {
    message = found(JSON.parse(text), 0)
  } catch {
    // not JSON: plain text is a message too
    message = type.includes('html') || text.startsWith('<') ? undefined : text
  }
  return message ?? ''
}

const KEYS = ['message', 'error_description', 'detail', 'description', 'title', 'error', 'errors', 'code']

function found(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return value
  if (depth > 3 || typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return found(value[0], depth + 1)
  const record = value as Record<string, unknown> // any object may be read by names
  for (const key of KEYS) {
    const message = found(record[key], depth + 1)
    if (message !== undefined) return message
  }
  return undefined
}
