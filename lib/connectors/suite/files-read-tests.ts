import { expect, test } from 'vitest'
import type { FilesConnector } from '../contract'
import { failure } from './suite'
import { accessOf, bytesOf, listed, never, onlyOne, type SuiteStore } from './suite-store'

const BODY = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) % 251))

/** Of an object come the bytes that were asked for, and no more after an abort. */
export function filesReadTests<Config>(connector: FilesConnector<Config>, store: () => SuiteStore): void {
  const access = (keys: string) => accessOf(connector, store(), keys)

  test('a part of an object is that part', async () => {
    await store().put('parts/a.bin', BODY)
    const object = await onlyOne(access('parts/a.bin'))
    for (const [from, to] of [[0, undefined], [0, 1], [0, BODY.length], [1, 2], [17, 200_001], [299_999, undefined], [150_000, undefined], [5, 5], [BODY.length, undefined]] as const) {
      const bytes = await bytesOf(access('parts/a.bin'), object, { from, to })
      expect(bytes.equals(BODY.subarray(from, to)), `The bytes from ${from} to ${to ?? 'the end'}`).toBe(true)
    }
  })

  test('an empty object has no bytes', async () => {
    await store().put('parts/empty.csv', '')
    const object = await onlyOne(access('parts/empty.csv'))
    expect([object.bytes, (await bytesOf(access('parts/*'), object)).length]).toEqual([0, 0])
  })

  test('an object that is not there is none', async () => {
    expect(await access('parts/*').stat('parts/none.csv', never)).toBeNull()
  })

  test('many parts are read at the same time', async () => {
    await store().put('parts/a.bin', BODY)
    const object = await onlyOne(access('parts/a.bin'))
    const shared = access('parts/a.bin')
    const parts = await Promise.all(Array.from({ length: 30 }, (_, at) => bytesOf(shared, object, { from: at * 10_000, to: (at + 1) * 10_000 })))
    expect(Buffer.concat(parts).equals(BODY)).toBe(true)
  })

  test('a signal that is aborted ends a listing and a read in words, at once', async () => {
    await store().put('parts/a.bin', BODY)
    const object = await onlyOne(access('parts/a.bin'))
    const stop = new AbortController()
    const reading = (async () => {
      for await (const chunk of access('parts/a.bin').read(object, { from: 0 }, stop.signal)) if (chunk.length) stop.abort()
    })()
    expect((await failure(reading)).code).toBe('cancelled')
    expect((await failure(listed(access('many/*'), stop.signal))).code).toBe('cancelled')
    expect((await failure(access('many/*').stat('many/1.csv', stop.signal))).code).toBe('cancelled')
    const during = new AbortController()
    const listing = (async () => {
      for await (const page of access('many/*').list(during.signal)) if (page.length) during.abort()
    })()
    expect((await failure(listing)).code).toBe('cancelled')
  })
}
