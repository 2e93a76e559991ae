import { createHash } from 'node:crypto'
import { AppError } from '@/lib/core/errors'
import { linkTargets } from './link-header'
import type { Http, HttpRequest, JsonAnswer } from './types'

/** What to ask for after a page; null when it was the last. */
export type NextPage = (page: JsonAnswer, request: HttpRequest) => HttpRequest | null

type Text = string | null | undefined

/**
 * The pages of a list, one at a time: a page is asked for when the one before has been dealt with. Throws what `http.json` throws,
 * and AppError `source` for a list that leads back to a page that was read.
 */
export async function* pages(http: Http, first: HttpRequest, nextPage: NextPage, signal: AbortSignal): AsyncGenerator<JsonAnswer, void> {
  const seen = new Set<string>()
  for (let request: HttpRequest | null = first; request; ) {
    const key = fingerprint([request.path, Object.entries(request.query ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))])
    if (seen.has(key)) throw endless('It leads back to a page that was read already')
    seen.add(key)
    const page = await http.json(request, signal)
    yield page
    signal.throwIfAborted()
    request = nextPage(page, request)
  }
}

/** The body names the cursor of the next page, which is sent as a parameter. */
export function byCursor(parameter: string, cursorOf: (value: unknown) => Text): NextPage {
  return (page, request) => {
    const cursor = cursorOf(page.value)
    return cursor ? withQuery(request, parameter, cursor) : null
  }
}

/** The `Link` header names the URL of the next page (RFC 8288). */
export function byLink(relation = 'next'): NextPage {
  return (page, request) => elsewhereIn(page, request, linkTargets(page.headers.link ?? '').get(relation))
}

/** The body names the URL of the next page. */
export function byNextUrl(urlOf: (value: unknown) => Text): NextPage {
  return (page, request) => elsewhereIn(page, request, urlOf(page.value))
}

/** By how many items come before. It ends with a page that is empty: a shorter one may only mean that the service gives less at a time than was asked for. */
export function byOffset(parameter: string, itemsOf: (value: unknown) => readonly unknown[], totalOf?: (value: unknown) => number | null): NextPage {
  const isRepeated = repetition()
  return (page, request) => {
    const items = itemsOf(page.value)
    if (items.length === 0) return null
    if (isRepeated(items)) throw endless('It answers with the same page whatever the offset')
    const offset = Number(request.query?.[parameter] ?? 0) + items.length
    const total = totalOf?.(page.value) ?? Infinity
    return offset >= total ? null : withQuery(request, parameter, String(offset))
  }
}

/** By the page's number, which counts from that of the first request, or from 1. It ends with an empty page, or with the one that `isLast` tells. */
export function byNumber(parameter: string, itemsOf: (value: unknown) => readonly unknown[], isLast?: (value: unknown) => boolean): NextPage {
  const isRepeated = repetition()
  return (page, request) => {
    const items = itemsOf(page.value)
    if (items.length === 0 || isLast?.(page.value)) return null
    if (isRepeated(items)) throw endless('It answers with the same page whatever the number')
    return withQuery(request, parameter, String(Number(request.query?.[parameter] ?? 1) + 1))
  }
}

/** A URL in an answer is meant relative to that of the answer. `http` refuses one of another origin. */
function elsewhereIn(page: JsonAnswer, request: HttpRequest, url: Text): HttpRequest | null {
  if (!url) return null
  return { ...request, path: URL.canParse(url, page.url) ? new URL(url, page.url).href : url, query: undefined }
}

function withQuery(request: HttpRequest, parameter: string, value: string): HttpRequest {
  return { ...request, query: { ...request.query, [parameter]: value } }
}

function repetition(): (items: readonly unknown[]) => boolean {
  let last = ''
  return (items) => {
    const before = last
    last = fingerprint([items.length, items[0], items.at(-1)])
    return before === last
  }
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64')
}

function endless(detail: string): AppError {
  return new AppError('source', { title: 'The pages of a list do not end', detail, advice: 'Try again; if it stays, report it to the makers of the service' })
}
