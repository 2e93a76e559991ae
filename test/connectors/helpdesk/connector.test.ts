import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trackingConnectorSuite } from '@/lib/connectors/connector-suite'
import type { Bookmark, ChangesRequest, RowsBatch } from '@/lib/connectors/contract'
import { HelpdeskServer } from '@/test/servers/helpdesk'
import { Place, writeBookmark } from './bookmark'
import { helpdesk } from './connector'
import { isoOf, Microseconds } from './microseconds'
import { TICKETS } from './schemas'

const ROWS = 1200
const never = new AbortController().signal

async function filledServer(rows: number): Promise<HelpdeskServer> {
  const server = await new HelpdeskServer().listen()
  for (let index = 0; index < rows; index++) {
    // seven tickets share each time, and pages are cut between them
    if (index % 7 === 0) server.advance(13.000001)
    server.put({ subject: `Ticket ${index}, "é" \\N`, priority: index, price: `${index}.50`, tags: index % 3 ? ['a', 'b,"c'] : [], requester: { name: 'né', ids: [1, 2] } })
  }
  return server
}

describe('tickets', () => {
  let server: HelpdeskServer
  let blindToken: string
  beforeAll(async () => {
    server = await filledServer(ROWS)
    blindToken = server.tokenWithout('Tickets: Read')
  })
  afterAll(() => server.close())

  trackingConnectorSuite(helpdesk, () => ({
    config: { base_url: server.url, token: server.token },
    wrongSecret: { base_url: server.url, token: 'wrong-token' },
    secrets: [server.token, 'wrong-token', blindToken],
    location: { schema: 'tickets' },
    rows: ROWS,
    missing: { schema: 'nothing' },
    held: () => Promise.resolve(server.underWay()),
    unscoped: { config: { base_url: server.url, token: blindToken }, scope: 'Tickets: Read' },
    change: () => Promise.resolve(server.change()),
  }))
})

describe('a help desk', () => {
  let server: HelpdeskServer
  beforeAll(async () => {
    server = await filledServer(250)
  })
  afterAll(() => server.close())

  async function read(changes: ChangesRequest = { read: 'everything' }, { token = server.token, signal = never } = {}): Promise<RowsBatch[]> {
    const batches: RowsBatch[] = []
    for await (const batch of helpdesk.read({ base_url: server.url, token }, { location: TICKETS.location, columns: TICKETS.columns, batchBytes: 0, changes }, signal)) batches.push(batch)
    return batches
  }

  const changesFrom = (batches: RowsBatch[]) => read({ read: 'changes', bookmark: batches.at(-1)?.bookmark as Bookmark }) // the last batch has one
  const subjects = (batches: RowsBatch[]) => batches.flatMap(({ rows }) => rows.map(({ subject }) => subject))

  test('with nothing new is asked once for each list', async () => {
    const batches = await read()
    const before = server.requests.length
    await changesFrom(batches)
    expect(server.requests.slice(before).map((path) => path.split('?')[0])).toEqual(['/deletions', '/tickets'])
  })

  test('that shows a ticket a minute late is heard, and gives nothing else again', async () => {
    const batches = await read()
    server.put({ subject: 'late' }, 50)
    expect(subjects(await changesFrom(batches))).toEqual(['late'])
  })

  test('that cuts connections and refuses in bursts loses nothing and gives nothing twice', async () => {
    for (const status of [429, 429, 503]) server.trouble({ path: '/tickets', status })
    server.trouble({ path: '/tickets', cut: true })
    expect(subjects(await read()).length).toBe(server.ids().length)
  })

  test('whose token lacks the deletions is told with their permission, before anything is read', async () => {
    const token = server.tokenWithout('Deletions: Read')
    const [schema] = await helpdesk.discover({ base_url: server.url, token }, never)
    expect(schema?.problem).toMatchObject({ code: 'permission', title: 'The token lacks the permission Deletions: Read' })
    await expect(read(undefined, { token })).rejects.toMatchObject({ code: 'permission', title: 'The token lacks the permission Deletions: Read' })
  })

  test('that takes too long is told as that, and nothing is left under way', async () => {
    const reason = new DOMException('over', 'TimeoutError')
    const abort = new AbortController()
    server.trouble({ path: '/tickets', holds: true, before: () => abort.abort(reason) })
    await expect(read(undefined, { signal: abort.signal })).rejects.toMatchObject({ code: 'timeout' })
    await expect.poll(() => server.underWay(), { timeout: 2000 }).toBe(0)
  })

  test('whose answer is not as it should be is told with the field', async () => {
    const strange = await filledServer(0)
    strange.trouble({ path: '/tickets', status: 200 })
    const reading = helpdesk.read({ base_url: strange.url, token: strange.token }, { location: TICKETS.location, columns: TICKETS.columns, batchBytes: 0, changes: { read: 'everything' } }, never)
    await expect(reading.next()).rejects.toMatchObject({ code: 'source', detail: expect.stringMatching(/^tickets: /) })
    await strange.close()
  })
})

test('times are compared as moments, to the microsecond', () => {
  expect(isoOf(Microseconds.parse('2026-03-01T01:02:03.000456+02:00'))).toBe('2026-02-28T23:02:03.000456Z')
  expect(Microseconds.safeParse('2026-03-01T01:02:03').success).toBe(false)
})

test('thousands of tickets of one moment keep the bookmark small', () => {
  const [tickets, deletions] = [new Place(0), new Place(0)]
  for (let index = 0; index < 6000; index++) for (const place of [tickets, deletions]) place.isNew(`ticket ${index}`, 1_000_000)
  expect(JSON.stringify(writeBookmark({ tickets, deletions })).length).toBeLessThan(64 * 1024)
})
