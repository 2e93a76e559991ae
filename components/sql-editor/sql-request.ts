import type { ErrorView } from '@/lib/core/errors'
import type { QueryFailure } from '@/lib/sql-editor/schema'

const unreachable: ErrorView = {
  code: 'unreachable',
  title: 'Tributary cannot be reached',
  detail: 'The connection to this server was lost',
  advice: 'Check that it is running and that you are online, then try again',
  isRetryable: true,
}

/** A request of the SQL screen that failed; with a place when it is the query's own fault. */
export class SqlRequestError extends Error {
  readonly failure: QueryFailure
  constructor(failure: QueryFailure) {
    super(failure.error.title)
    this.failure = failure
  }
}

/** Ask one of our own handlers, whose types both sides share. Throws SqlRequestError, or the abort itself. */
export async function sqlRequest<T>(url: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, body === undefined ? { signal } : { method: 'POST', signal, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new SqlRequestError({ error: unreachable, position: null })
  }
  if (response.ok) return (await response.json()) as T
  const failure = (await response.json().catch(() => null)) as Partial<QueryFailure> | null // a proxy's error page is no JSON
  throw new SqlRequestError({ error: failure?.error ?? { ...unreachable, detail: `The server answered with status ${response.status}` }, position: failure?.position ?? null })
}

/** Any failure as the screen shows it. */
export function failureOf(error: unknown): QueryFailure {
  return error instanceof SqlRequestError ? error.failure : { error: unreachable, position: null }
}
