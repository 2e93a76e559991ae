import { describe, expect, test } from 'vitest'
import { limits } from '@/lib/core/limits'
import type { OutsideState } from '@/lib/jobs/jobs-driver'
import { outsideVerdict, type Doubt } from './outside-verdict'

const queued: Doubt = { status: 'queued', attempt: 0, waitedMinutes: 1 }
const running: Doubt = { status: 'running', attempt: 1, waitedMinutes: 1 }
const tooLong = { waitedMinutes: limits.external.waitMinutes + 1 }

describe('what becomes of a run that waits here, by what Trigger.dev says', () => {
  test.each<[OutsideState, Partial<Doubt>, object]>([
    ['waiting', {}, { wait: null }],
    ['waiting', tooLong, { status: 'failed', cancel: true, error: { title: 'No machine of Trigger.dev took the run' } }],
    ['not_deployed', {}, { wait: { title: 'Trigger.dev has no task for this run yet' } }],
    ['not_deployed', tooLong, { status: 'failed', cancel: true, error: { title: 'Trigger.dev has no task for this run yet' } }],
    ['on', {}, { wait: null }],
    ['on', tooLong, { wait: null }],
    ['on', { waitedMinutes: limits.external.waitMinutes + limits.external.unsentMinutes + 1 }, { status: 'queued', cancel: true, isAttempt: true }],
    ['cancelled', {}, { status: 'cancelled', error: null }],
    ['expired', {}, { status: 'failed', error: { code: 'timeout', title: 'No machine of Trigger.dev took the run' } }],
    ['done', {}, { status: 'queued', isAttempt: true, error: { title: 'The run ended on Trigger.dev without being done' } }],
    ['failed', {}, { status: 'queued', isAttempt: true, error: { title: 'The run failed on Trigger.dev' } }],
    ['crashed', {}, { status: 'queued', isAttempt: true }],
    ['system_failure', {}, { status: 'queued', isAttempt: true }],
    ['unknown', {}, { status: 'queued', isAttempt: true }],
    ['timed_out', {}, { status: 'failed', error: { code: 'timeout' } }],
  ])('%s %o', (state, change, verdict) => expect(outsideVerdict(state, { ...queued, ...change })).toMatchObject(verdict))
})

describe('what becomes of a run whose lease is dead, by what Trigger.dev says', () => {
  test.each<[OutsideState, object]>([
    ['on', { status: 'queued', cancel: true, isAttempt: false, error: { title: 'The machine of the run stopped answering' } }],
    ['cancelled', { status: 'cancelled' }],
    ['timed_out', { status: 'failed', error: { title: 'The sync took too long for Trigger.dev' } }],
    ['crashed', { status: 'queued', isAttempt: false, error: { title: 'The run crashed on Trigger.dev' } }],
    ['done', { status: 'queued', isAttempt: false }],
    ['system_failure', { status: 'queued' }],
    ['failed', { status: 'queued' }],
    ['unknown', { status: 'queued' }],
  ])('%s', (state, verdict) => expect(outsideVerdict(state, running)).toMatchObject(verdict))
})

test.each<[OutsideState, Doubt]>([
  ['crashed', { ...running, attempt: limits.runAttempts }],
  ['on', { ...running, attempt: limits.runAttempts }],
  ['done', { ...queued, attempt: limits.runAttempts - 1 }],
  ['unknown', { ...queued, attempt: limits.runAttempts - 1 }],
])('%s for the last time ends the run as failed, with words', (state, doubt) => {
  const verdict = outsideVerdict(state, doubt)
  expect(verdict).toMatchObject({ status: 'failed', error: { isRetryable: false } })
  expect((verdict as { error: { title: string; detail: string; advice: string } }).error).toMatchObject({ title: expect.any(String), detail: expect.any(String), advice: expect.any(String) })
})

test('a run that comes back waits before its next try, longer each time', () => {
  const delay = (attempt: number) => (outsideVerdict('crashed', { ...running, attempt }) as { delaySeconds: number }).delaySeconds
  expect(delay(1)).toBeGreaterThan(5)
  expect(delay(3)).toBeGreaterThan(delay(1) * 4)
})
