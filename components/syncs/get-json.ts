import type { ErrorView } from '@/lib/core/errors'

/** A request that was answered with a failure in words, or not at all. */
export class RequestError extends Error {
  readonly view: ErrorView
  readonly status: number
  constructor(view: ErrorView, status: number) {
    super(view.title)
    this.view = view
    this.status = status
  }
}

/** The JSON of one of our own handlers, whose types both sides share. Throws a RequestError. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, { signal, headers: { accept: 'application/json' } })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new RequestError(unreachable, 0)
  }
  if (response.ok) return (await response.json()) as T
  const body = (await response.json().catch(() => null)) as { error?: ErrorView } | null // a proxy's error page is no JSON
  throw new RequestError(body?.error ?? { ...unreachable, detail: `The server answered with status ${response.status}` }, response.status)
}

const unreachable: ErrorView = {
  code: 'unreachable',
  title: 'Tributary cannot be reached',
  detail: 'The connection to this server was lost',
  advice: 'Check that it is running and that you are online',
  isRetryable: true,
}

/** Any failure of a query as words. */
export function failureView(error: unknown): ErrorView {
  return error instanceof RequestError ? error.view : unreachable
}
