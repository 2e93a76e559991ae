import { expect, it } from 'vitest'
import type { SchemaView } from '@/lib/sources/schema'
import { importState, importTotals, timeLeftMs } from './import-totals'

function schema(given: Omit<Partial<SchemaView>, 'activeRun'> & { read?: number; expected?: number | null }): SchemaView {
  const { read, expected = null, ...rest } = given
  const activeRun = read === undefined ? null : ({ status: 'running', rowsRead: read, rowsExpected: expected } as SchemaView['activeRun'])
  return { status: 'never', version: null, rows: 0, rowsEstimate: null, problem: null, ...rest, activeRun } as SchemaView
}

it('a table is ready from its first version on, also while it is read again', () => {
  expect(importState(schema({ status: 'running', version: 1 }))).toBe('ready')
  expect(importState(schema({ status: 'running' }))).toBe('running')
  expect(importState(schema({ status: 'paused' }))).toBe('failed')
  expect(importState(schema({ status: 'queued' }))).toBe('waiting')
})

it('the total counts rows, and is full only when every table has settled', () => {
  const totals = importTotals([
    schema({ status: 'up_to_date', version: 1, rows: 100, rowsEstimate: 5 }),
    schema({ status: 'running', read: 50, expected: 100, rowsEstimate: 90 }),
    schema({ status: 'never', rowsEstimate: 200 }),
    schema({ status: 'failed', rowsEstimate: 1_000_000 }),
  ])
  expect(totals).toMatchObject({ tables: 4, ready: 1, running: 1, failed: 1, waiting: 1, rows: 150, rowsExpected: 400, progress: 0.375 })
  expect(importTotals([schema({ status: 'up_to_date', version: 1, rows: 0 })]).progress).toBe(1)
})

it('an estimate that was too low never makes more than everything', () => {
  const totals = importTotals([schema({ status: 'running', read: 900, expected: 10 })])
  expect(totals).toMatchObject({ rowsExpected: 900, progress: 0.99 })
  expect(timeLeftMs(totals, 100)).toBeNull()
})

it('the time left follows from the rate', () => {
  expect(timeLeftMs(importTotals([schema({ status: 'running', read: 100, expected: 1100 })]), 500)).toBe(2000)
  expect(timeLeftMs(importTotals([schema({ status: 'running', read: 100, expected: 1100 })]), null)).toBeNull()
})

it('where tables tell their size only once they are read, tables are counted, and none that starts throws the bar back', () => {
  const import_ = (...states: Parameters<typeof schema>[0][]) => importTotals(states.map(schema))
  const first = import_({ status: 'running', read: 500, expected: 1_000 }, { status: 'never' }, { status: 'never' })
  expect(first).toMatchObject({ progress: 0.5 / 3, isPartial: true })
  expect(timeLeftMs(first, 100)).toBeNull()
  const before = import_({ status: 'up_to_date', version: 1, rows: 1_000 }, { status: 'running', read: 10, expected: null }, { status: 'never' })
  expect(before.progress).toBeCloseTo(1 / 3)
  const last = import_({ status: 'up_to_date', version: 1, rows: 1_000 }, { status: 'up_to_date', version: 1, rows: 10 }, { status: 'running', read: 0, expected: 1_000_000 })
  expect(last.progress).toBeCloseTo(2 / 3)
  expect(timeLeftMs(last, 1_000)).toBe(1_000_000)
})

it('the pace is that of a run that is on', () => {
  const run = (status: string, pace: string | null) => ({ activeRun: { status, rowsRead: 0, rowsExpected: null, pace } as SchemaView['activeRun'] })
  const totals = importTotals([{ ...schema({}), ...run('queued', 'old') }, { ...schema({}), ...run('running', null) }, { ...schema({}), ...run('running', '98 of about 100 requests a second') }])
  expect(totals.pace).toBe('98 of about 100 requests a second')
})
