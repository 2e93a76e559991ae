import { expect, test } from 'vitest'
import { Remembered } from '../../remembered'
import { StripeConfig } from '../config'
import { newSettling, readBookmark, writeBookmark, type Progress } from './bookmark'

const NOW = 1_767_225_600
const DAY = 86_400
const LIMIT_BYTES = 64 * 1024
const config = StripeConfig.parse({ api_key: 'rk_test_51Abc' })

function progress(change: Partial<Progress> = {}): Progress {
  return { account: 'acct_1Own', windows: [{ from: 0, to: null, after: 'cus_1', place: NOW }], feed: { at: NOW, handled: new Remembered() }, look: { at: NOW, seen: new Remembered(), settling: newSettling() }, ...change }
}

function remembering(count: number): Remembered {
  const remembered = new Remembered()
  for (let index = 0; index < count; index++) remembered.add(`evt_${index}`)
  return remembered
}

/** As it comes back from where it was kept. */
function kept(given: Progress) {
  return readBookmark(JSON.parse(JSON.stringify(writeBookmark(given, config))) as Record<string, unknown>, config)
}

test('a bookmark comes back as it was', () => {
  const given = progress({ feed: { at: NOW, handled: remembering(100) } })
  given.look?.settling.add(NOW, NOW + DAY, NOW)
  const read = kept(given)
  expect(read).toEqual({ ...given, isSameKey: true })
  expect(readBookmark(writeBookmark(given, config), StripeConfig.parse({ api_key: 'rk_test_51New' }))?.isSameKey).toBe(false)
  expect(JSON.stringify(writeBookmark(given, config))).not.toContain(config.api_key)
  expect(read?.feed?.handled.has('evt_99')).toBe(true)
  expect(read?.feed?.handled.has('evt_100')).toBe(false)
})

test('a bookmark never goes beyond 64 kB, and what does not fit is forgotten, never half remembered', () => {
  const settling = newSettling()
  for (let day = 0; day < 5000; day++) settling.add(day * DAY, day * DAY + 60 * DAY, 0)
  const full = { feed: { at: NOW, handled: remembering(20_000) }, look: { at: NOW, seen: remembering(20_000), settling } }
  const windows = Array.from({ length: 64 }, (_, index) => ({ from: NOW - index * DAY, to: NOW - index * DAY + DAY, after: `cus_${'x'.repeat(24)}`, place: NOW }))
  for (const given of [progress({ ...full, windows: [] }), progress({ ...full, windows, look: { at: NOW, seen: new Remembered(), settling } })]) {
    expect(JSON.stringify(writeBookmark(given, config)).length).toBeLessThanOrEqual(LIMIT_BYTES)
    const read = kept(given)
    expect(read?.feed?.handled.size).toBe(3000)
    expect(Array.from({ length: 20_000 }, (_, index) => `evt_${index}`).filter((id) => read?.feed?.handled.has(id))).toHaveLength(3000)
  }
})

test('what is not a bookmark of this account and this version is none', () => {
  const good = writeBookmark(progress(), config)
  expect(readBookmark(good, config)).not.toBeNull()
  for (const other of [{ api_key: 'rk_live_51Abc' }, { api_key: 'rk_test_51Abc', account_id: 'acct_1' }]) expect(readBookmark(good, StripeConfig.parse(other))).toBeNull()
  for (const bad of [undefined, {}, { ...good, version: 2 }, { ...good, more: 1 }, { ...good, feed: { at: -1, handled: '' } }, { ...good, feed: { at: NOW, handled: 'short' } }, { ...good, windows: [['0', null, null, null]] }]) {
    expect(readBookmark(bad, config)).toBeNull()
  }
})
