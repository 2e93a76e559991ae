import type { ErrorView } from '@/lib/core/errors'

/** An answer of ours that says what failed. */
class AnsweredError extends Error {
  readonly view: ErrorView
  constructor(view: ErrorView) {
    super(view.title)
    this.view = view
  }
}

/** POST JSON and give back the JSON answer. Throws what `failureOf` puts in words. */
export async function postJson<T>(url: string, body: unknown, signal: AbortSignal): Promise<T> {
  const response = await post(url, body, signal)
  return (await response.json()) as T // our own handler's answer
}

/**
 * POST JSON and read the answer one JSON line at a time, as it comes. A last line
 * `{ end: 'failed', error }` says that it broke off: the status was sent long before.
 */
export async function* readLines<T>(url: string, body: unknown, signal: AbortSignal): AsyncGenerator<T> {
  const response = await post(url, body, signal)
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const lines = (rest + (value ?? '')).split('\n')
      rest = done ? '' : (lines.pop() ?? '')
      for (const line of lines) {
        if (line.trim()) yield parseLine<T>(line)
      }
      if (done) return
    }
  } finally {
    await reader.cancel().catch(() => undefined) // the stream may have failed already
  }
}

function parseLine<T>(line: string): T {
  const value = JSON.parse(line) as T & { end?: 'failed'; error?: ErrorView } // our own handler's line
  if (value.end === 'failed' && value.error) throw new AnsweredError(value.error)
  return value
}

async function post(url: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal })
  if (response.ok) return response
  const answer: { error?: ErrorView } = await response.json().catch(() => ({}))
  throw new AnsweredError(answer.error ?? { code: 'internal', title: 'Tributary did not answer', detail: `The server answered with status ${response.status}`, advice: 'Try again in a moment', isRetryable: true })
}

/** Any failure of a request as words for people. */
export function failureOf(cause: unknown): ErrorView {
  if (cause instanceof AnsweredError) return cause.view
  return { code: 'unreachable', title: 'Tributary cannot be reached', detail: 'The connection to this server was lost', advice: 'Check that it is running and that you are online, then try again', isRetryable: true }
}
