import fc from 'fast-check'
import { expect, test } from 'vitest'
import { atOnce } from './at-once'
import { partOf, rangesAt, type KeyRange } from './key-range'
import { NotInOrder, type ListedObject } from './object-access'

const Key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '~', 'ü', '\uffee', '😀'), maxLength: 4 })
const Keys = fc.uniqueArray(Key, { maxLength: 30 })

function inBytes(keys: string[]): string[] {
  return [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

/** A store that gives pages of three. */
async function* pages(keys: string[], range: KeyRange, isObedient: boolean): AsyncGenerator<string[]> {
  const { after } = range
  const from = isObedient && after !== undefined ? keys.filter((key) => inBytes([after, key])[1] === key && key !== after) : keys
  let before: string | undefined
  for (let at = 0; at < from.length; at += 3) {
    const page = from.slice(at, at + 3)
    const { objects, isEnd } = partOf(page.map((key): ListedObject => ({ key, bytes: 1, modifiedAt: null, fingerprint: null })), range, before)
    before = page.at(-1)
    yield objects.map(({ key }) => key)
    if (isEnd) return
  }
}

async function divided(keys: string[], at: string[], isObedient: boolean): Promise<string[]> {
  const all: string[] = []
  for await (const page of atOnce(rangesAt(at).map((range) => pages(keys, range, isObedient)))) all.push(...page)
  return inBytes(all)
}

test('the parts of a divided listing are the whole of it, also of a store that does not begin where it was asked to', async () => {
  await fc.assert(fc.asyncProperty(Keys, Keys, fc.boolean(), async (keys, at, isObedient) => {
    expect(await divided(inBytes(keys), inBytes(at), isObedient)).toEqual(inBytes(keys))
  }))
})

test('a store that lists in another order is found out before anything is missed', async () => {
  await fc.assert(fc.asyncProperty(Keys, Keys, async (keys, at) => {
    const all = await divided(keys, inBytes(at), false).catch((error: unknown) => {
      if (error instanceof NotInOrder) return 'found out'
      throw error
    })
    if (all !== 'found out') expect(all).toEqual(inBytes(keys))
  }))
})

test('a listing that fails ends the others', async () => {
  let isEnded = false
  async function* endless(): AsyncGenerator<number> {
    try {
      for (;;) yield 1
    } finally {
      isEnded = true
    }
  }
  async function* failing(): AsyncGenerator<number> {
    yield 1
    throw new Error('broke off')
  }
  const read = async (): Promise<void> => {
    for await (const page of atOnce([endless(), failing()])) expect(page).toBe(1)
  }
  await expect(read()).rejects.toThrow('broke off')
  await expect.poll(() => isEnded).toBe(true)
})
