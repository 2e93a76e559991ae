import { expect, test } from 'vitest'
import type { FilesConnector } from '../contract'
import { outcome } from './suite'
import { ObjectChanged } from '../objects/object-access'
import { accessOf, bytesOf, listed, never, onlyOne, type SuiteStore } from './suite-store'

/** An object that is no longer what was listed is never taken for it. */
export function filesChangeTests<Config>(connector: FilesConnector<Config>, store: () => SuiteStore): void {
  const access = (keys: string) => accessOf(connector, store(), keys)

  test.each([
    ['of the same length', 'two'],
    ['that is longer', 'three and more'],
    ['that is shorter', '2'],
    ['that is empty', ''],
  ])('an object that was replaced since it was listed, by one %s, is a change and no bytes', async (_, body) => {
    await store().put('change/a.csv', 'one')
    const object = await onlyOne(access('change/a.csv'))
    await store().put('change/a.csv', body)
    for (const span of [{ from: 0 }, { from: 0, to: 2 }, { from: 1 }, { from: 2, to: 3 }]) {
      const error = await outcome(bytesOf(access('change/a.csv'), object, span))
      expect(error, `The outcome of reading from ${span.from} to ${span.to ?? 'the end'}`).toBeInstanceOf(ObjectChanged)
      expect(error).toMatchObject({ key: 'change/a.csv' })
    }
  })

  test('an object that is gone since it was listed is a change, and is listed no more', async () => {
    await store().put('change/b.csv', 'one')
    const object = await onlyOne(access('change/b.csv'))
    await store().remove('change/b.csv')
    expect(await outcome(bytesOf(access('change/b.csv'), object))).toBeInstanceOf(ObjectChanged)
    expect(await access('change/*').stat('change/b.csv', never)).toBeNull()
    expect((await listed(access('change/*'))).map(({ key }) => key)).not.toContain('change/b.csv')
  })

  test('each state of an object has a fingerprint of its own, within the same second too', async () => {
    const seen: (string | null)[] = []
    for (let state = 10; state < 20; state++) {
      await store().put('change/c.csv', `state ${state}`)
      seen.push((await onlyOne(access('change/c.csv'))).fingerprint)
    }
    expect(new Set(seen).size).toBe(10)
    expect(seen).not.toContain(null)
    expect((await onlyOne(access('change/c.*'))).fingerprint, 'The fingerprint of a state that did not change').toBe(seen.at(-1))
  })

  test('an object that is replaced while it is read ends as the one that was listed, or is a change', async () => {
    const old = Buffer.alloc(3_000_000, 1)
    await store().put('change/d.bin', old)
    const object = await onlyOne(access('change/d.bin'))
    const chunks: Uint8Array[] = []
    const reading = (async () => {
      for await (const chunk of access('change/d.bin').read(object, { from: 0 }, never)) {
        if (chunks.length === 0) await store().put('change/d.bin', Buffer.alloc(3_000_000, 2))
        chunks.push(Buffer.from(chunk))
      }
    })()
    const error = await outcome(reading)
    if (error !== null) expect(error).toBeInstanceOf(ObjectChanged)
    else expect(Buffer.concat(chunks).equals(old)).toBe(true)
    expect(await outcome(bytesOf(access('change/d.bin'), object, { from: 2_000_000 })), 'The next part').toBeInstanceOf(ObjectChanged)
  })
}
