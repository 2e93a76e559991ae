import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import type { SchemaView, SourceView, StatusMessage } from '@/lib/sources/schema'
import type { RunView } from '@/lib/syncs/schema'
import { applyStatus, runsKey, statusKeys } from './status-keys'

// only what the cache looks at
const source = (id: string, rows: number) => ({ id, rows }) as SourceView
const schema = (id: string, name: string, rows: number) => ({ id, sourceId: 's1', name, rows }) as SchemaView
const run = (id: string, rowsRead: number) => ({ id, sourceId: 's1', rowsRead }) as RunView
const message = (part: Partial<StatusMessage>): StatusMessage => ({ sources: [], schemas: [], runs: [], removedSources: [], staleSources: [], isStale: false, ...part })

test('a message changes the sources it names, adds new ones last and takes away those that are gone', () => {
  const client = new QueryClient()
  client.setQueryData(statusKeys.sources, [source('a', 1), source('b', 1), source('c', 1)])
  applyStatus(client, message({ sources: [source('b', 2), source('d', 4)], removedSources: ['c'] }))
  expect(client.getQueryData(statusKeys.sources)).toEqual([source('a', 1), source('b', 2), source('d', 4)])
})

test('a list that nobody loaded is not begun by a message', () => {
  const client = new QueryClient()
  applyStatus(client, message({ sources: [source('a', 1)], schemas: [schema('x', 'orders', 1)], runs: [run('r', 1)] }))
  expect(client.getQueryData(statusKeys.sources)).toBeUndefined()
  expect(client.getQueryData(statusKeys.schemas('s1'))).toBeUndefined()
  expect(client.getQueryData(statusKeys.run('r'))).toBeUndefined()
})

test('a new schema takes its place by name; a known one keeps its place', () => {
  const client = new QueryClient()
  client.setQueryData(statusKeys.schemas('s1'), [schema('x', 'customers', 1), schema('y', 'orders', 1)])
  applyStatus(client, message({ schemas: [schema('y', 'orders', 2), schema('z', 'invoices', 3)] }))
  expect(client.getQueryData<SchemaView[]>(statusKeys.schemas('s1'))?.map(({ name, rows }) => [name, rows])).toEqual([['customers', 1], ['invoices', 3], ['orders', 2]])
})

test('a run changes in the list that shows it; a list that lacks it is loaded again', () => {
  const client = new QueryClient()
  const shown = runsKey('s1', {})
  const filtered = runsKey('s1', { status: 'failed' })
  client.setQueryData(shown, { pages: [{ runs: [run('r', 1)], nextCursor: null }], pageParams: [null] })
  client.setQueryData(filtered, { pages: [{ runs: [], nextCursor: null }], pageParams: [null] })
  applyStatus(client, message({ runs: [run('r', 9)] }))
  expect(client.getQueryData(shown)).toMatchObject({ pages: [{ runs: [{ id: 'r', rowsRead: 9 }] }] })
  expect(client.getQueryState(shown)?.isInvalidated).toBe(false)
  expect(client.getQueryState(filtered)?.isInvalidated).toBe(true)
})

test('after a gap everything shown is loaded again', () => {
  const client = new QueryClient()
  for (const key of [statusKeys.sources, statusKeys.schemas('s1'), statusKeys.run('r')]) client.setQueryData(key, [])
  applyStatus(client, message({ isStale: true }))
  for (const key of [statusKeys.sources, statusKeys.schemas('s1'), statusKeys.run('r')]) expect(client.getQueryState(key)?.isInvalidated).toBe(true)
})
