import { afterEach, expect, test } from 'vitest'
import { linkTargets } from './link-header'
import { byCursor, byLink, byNextUrl, byNumber, byOffset, pages, type NextPage } from './paging'
import { closeAll, closing, failure, never, open, sendJson, startService, type Service } from './service-for-test'
import type { Http } from './types'

interface Answer {
  items: number[]
  next?: string | null
  total?: number
}

afterEach(closeAll)

async function serve(answer: (query: URLSearchParams, service: Service) => Answer, headers: (query: URLSearchParams) => Record<string, string> = () => ({})): Promise<{ service: Service; http: Http }> {
  const service: Service = await startService((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x')
    sendJson(response, answer(searchParams, service), 200, headers(searchParams))
  })
  const http = open(service)
  closing.push(service.close, () => http.close())
  return { service, http }
}

const bodyOf = (value: unknown): Answer => value as Answer // what this file serves
const itemsOf = (value: unknown): number[] => bodyOf(value).items

async function all(http: Http, nextPage: NextPage, query?: Record<string, string>): Promise<number[]> {
  const found: number[] = []
  for await (const page of pages(http, { path: 'v1/list', query }, nextPage, never)) found.push(...itemsOf(page.value))
  return found
}

test('a cursor leads to the last page', async () => {
  const { http, service } = await serve((query) => ({ items: [Number(query.get('after') ?? 0)], next: query.get('after') === '2' ? null : String(Number(query.get('after') ?? 0) + 1) }))
  expect(await all(http, byCursor('after', (value) => bodyOf(value).next), { limit: '9' })).toEqual([0, 1, 2])
  expect(service.asked.map(({ path }) => path)).toEqual(['/v1/list?limit=9', '/v1/list?limit=9&after=1', '/v1/list?limit=9&after=2'])
})

test('a Link header leads to the last page, also with a relative target', async () => {
  const next: Record<string, string> = { '': '</v1/list?p=2>; rel="prev next"', 2: '<?p=3>; rel=next', 3: '<?p=1>; rel=first' }
  const { http } = await serve((query) => ({ items: [Number(query.get('p') ?? 1)] }), (query) => ({ link: next[query.get('p') ?? ''] ?? '' }))
  expect(await all(http, byLink())).toEqual([1, 2, 3])
})

test('a URL in the body leads to the last page', async () => {
  const { http } = await serve((query, { url }) => ({ items: [Number(query.get('p') ?? 1)], next: query.get('p') === '2' ? '' : `${url}/v1/list?p=2` }))
  expect(await all(http, byNextUrl((value) => bodyOf(value).next))).toEqual([1, 2])
})

test('offsets go on by what came, also when the service gives less than was asked for, until nothing comes or all is there', async () => {
  const rows = [1, 2, 3, 4, 5]
  const { http, service } = await serve((query) => ({ items: rows.slice(Number(query.get('offset') ?? 0)).slice(0, 2), total: 5 }))
  expect(await all(http, byOffset('offset', itemsOf), { limit: '100' })).toEqual(rows)
  expect(service.asked).toHaveLength(4)
  expect(await all(http, byOffset('offset', itemsOf, (value) => bodyOf(value).total ?? null))).toEqual(rows)
  expect(service.asked).toHaveLength(7)
})

test('page numbers count up until a page is empty or says that it is the last', async () => {
  const { http, service } = await serve((query) => ({ items: Number(query.get('page') ?? 1) < 3 ? [Number(query.get('page') ?? 1)] : [] }))
  expect(await all(http, byNumber('page', itemsOf))).toEqual([1, 2])
  expect(await all(http, byNumber('page', itemsOf, (value) => itemsOf(value)[0] === 2), { page: '1' })).toEqual([1, 2])
  expect(service.asked).toHaveLength(5)
})

test.each([
  ['a cursor', byCursor('after', (value) => bodyOf(value).next)],
  ['an offset that the service does not know', byOffset('offset', itemsOf)],
  ['a number that the service does not know', byNumber('page', itemsOf)],
])('a list that does not end is refused in words: %s', async (_, nextPage) => {
  const { http, service } = await serve(() => ({ items: [1], next: 'same' }))
  expect(await failure(all(http, nextPage))).toMatchObject({ code: 'source', title: 'The pages of a list do not end', isRetryable: false })
  expect(service.asked.length).toBeLessThan(4)
})

test('a next page at another address is refused, and nothing is sent there', async () => {
  const other = await serve(() => ({ items: [] }))
  const { http } = await serve(() => ({ items: [1], next: `${other.service.url}/v1/list` }))
  expect(await failure(all(http, byNextUrl((value) => bodyOf(value).next)))).toMatchObject({ code: 'source', title: expect.stringContaining('points to another address') })
  expect(other.service.asked).toHaveLength(0)
})

test('an abort between two pages ends the list with its reason', async () => {
  const { http, service } = await serve(() => ({ items: [1], next: String(service.asked.length) }))
  const stop = new AbortController()
  const list = pages(http, { path: 'x' }, byCursor('after', (value) => bodyOf(value).next), stop.signal)
  await list.next()
  stop.abort(new Error('enough'))
  await expect(list.next()).rejects.toThrow('enough')
  expect(service.asked).toHaveLength(1)
})

test.each([
  ['<a>; rel="next"', 'a'],
  ['<a>; title="x, <b>; rel=next"; rel=next', 'a'],
  ['<z>; rel=prev, <a>;REL="Next"', 'a'],
  ['<z>; rel=next; anchor="#x", <a>; rel=next', 'a'],
  ['<a>; rel="first next", <b>; rel=next', 'a'],
  ['<a>; title="a \\" b"; rel=next', 'a'],
  ['<a>; rel=prev; rel=next', undefined],
  ['a; rel=next', undefined],
  ['', undefined],
])('of the header %s the next page is %s', (header, target) => {
  expect(linkTargets(header).get('next')).toBe(target)
})
