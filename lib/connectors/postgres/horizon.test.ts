import { describe, expect, test } from 'vitest'
import { horizonOf } from './horizon'
import type { OpenTransactions } from './open-transactions'

const moment = (change: Partial<OpenTransactions> = {}): OpenTransactions => ({
  isReplica: false, oldest: 100n, next: 100n, clock: { TIMESTAMPTZ: '2024-01-01 00:00:00+00', TIMESTAMP: '2024-01-01 00:00:00', DATE: '2024-01-01' }, sessions: [], prepared: [], ...change,
})
const session = (name: string) => ({ name, pid: 7, user: 'ada', application: 'psql', since: null, isIdle: false })
const prepared = (number: string) => ({ number, gid: `gid's ${number}`, owner: 'ada', since: '2024-01-01 00:00' })
const horizon = (before: OpenTransactions, after = before, first = before, floor: string | null = null) => horizonOf({ first, before, after, floor })

describe('who is open', () => {
  test('whoever is there before the snapshot or after it; nobody when nothing was written in between', () => {
    expect(horizon(moment()).open).toEqual([])
    expect(horizon(moment({ sessions: [session('1/1')] }), moment({ sessions: [session('2/2')], prepared: [prepared('99')] })).open).toEqual(['v1/1', 'v2/2', 'p99'])
  })

  test('somebody, when a transaction got its number between the two looks and is gone', () => {
    const { open } = horizon(moment(), moment({ next: 101n }))
    expect(open).toHaveLength(1)
    expect(horizon(moment()).stillOpen(open)).toEqual([])
  })

  test('the floor holds for those only who were not there when it was taken', () => {
    const { floor } = horizon(moment({ sessions: [session('1/1'), session('2/2')] }), moment({ sessions: [session('1/1'), session('3/3')] }), moment({ sessions: [session('1/1')] }), '42')
    expect(floor).toEqual({ value: '42', holdsFor: ['v2/2', 'v3/3'] })
  })
})

describe('who is still open', () => {
  test('whoever is there by the same name', () => {
    expect(horizon(moment({ sessions: [session('1/1'), session('3/3')] })).stillOpen(['v1/1', 'v2/2'])).toEqual(['v1/1'])
  })

  test('a session that is gone may have prepared its transaction: each one that waits stays in its place', () => {
    const now = horizon(moment({ prepared: [prepared('90'), prepared('91')] }))
    expect(now.stillOpen(['v1/1'])).toEqual(['p90', 'p91'])
    expect(now.stillOpen(['p90'])).toEqual(['p90'])
    expect(horizon(moment()).stillOpen(['p90'])).toEqual([])
  })
})

describe('on a replica', () => {
  const replica = (oldest: bigint, next: bigint, time = '10') => moment({ isReplica: true, oldest, next, clock: { TIMESTAMPTZ: time, TIMESTAMP: time, DATE: time } })

  test('whoever has a number that is not over, by another name at each moment, since some of them may be', () => {
    expect(horizon(replica(100n, 100n)).open).toEqual([])
    const { open } = horizon(replica(95n, 100n))
    const later = horizon(replica(96n, 110n, '11')).stillOpen(open)
    expect(later).toHaveLength(1)
    expect(later).not.toEqual(open)
    expect(horizon(replica(100n, 120n, '12')).stillOpen(later)).toEqual([])
  })

  test('what was a session of the primary is over when every number of now is', () => {
    const later = horizon(replica(95n, 100n)).stillOpen(['v1/1'])
    expect(horizon(replica(99n, 120n, '11')).stillOpen(later)).toHaveLength(1)
    expect(horizon(replica(100n, 120n, '12')).stillOpen(later)).toEqual([])
  })

  test('there is no floor while a transaction from before it is open', () => {
    expect(horizon(replica(99n, 105n), replica(99n, 105n), replica(90n, 100n), '42').floor).toBeNull()
    expect(horizon(replica(100n, 105n), replica(101n, 106n), replica(90n, 100n), '42').floor).toEqual({ value: '42', holdsFor: [expect.stringMatching(/^x106@/)] })
  })
})

test('who it is, and how to end it, in words that can be run', () => {
  const now = horizon(moment({ sessions: [{ ...session('1/1'), since: '2024-01-01 09:12', isIdle: true }], prepared: [prepared('90')] }))
  expect(now.describe(['v1/1', 'p90'])).toBe(
    `It is open in session 7 (user ada, psql, since 2024-01-01 09:12 UTC, idle), the prepared transaction gid's 90 of ada (since 2024-01-01 00:00 UTC). End it there, or run: SELECT pg_terminate_backend(7); COMMIT PREPARED or ROLLBACK PREPARED 'gid''s 90'.`,
  )
})
