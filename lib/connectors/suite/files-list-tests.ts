import { expect, test } from 'vitest'
import type { FilesConnector } from '../contract'
import type { ListedObject } from '../objects/object-access'
import { accessOf, bytesOf, listed, never, onlyOne, type SuiteStore } from './suite-store'

/** Names that are easily lost on their way through an address, a form or XML. */
const ODD = [
  'a b.csv', ' c.csv', 'd.csv ', 'a+b.csv', 'a%20b.csv', 'a%2Fb.csv', '100%.csv', 'ü.csv', 'u\u0308.csv', '日本語/😀.csv', 'a&b<c>"d\'.csv', 'a?b#c=d.csv', 'e//f.csv', '/g.csv', 'h\\i.csv',
  'tab\there.csv', 'line\nbreak.csv', 'return\rhere.csv', 'bell\u0007.csv', 'star*.csv', '~!@$^()[]{};:,.csv', '.hidden', 'dots/../x.csv', './y.csv', '...', `${'long'.repeat(200)}.csv`,
]

/** Objects are listed as they are, each once. */
export function filesListTests<Config>(connector: FilesConnector<Config>, store: () => SuiteStore): void {
  const access = (keys: string) => accessOf(connector, store(), keys)
  const oddKeys = () => ODD.filter((name) => store().canHold?.(name) ?? true).map((name) => `odd/${name}`)

  test('every object is listed once, is found by its name and reads whole, whatever its name', async () => {
    for (const key of oddKeys()) await store().put(key, key)
    const objects = await listed(access('odd/**'))
    expect(objects.map(({ key }) => key).sort()).toEqual(oddKeys().sort())
    for (const object of objects) {
      expect(inSeconds(await access('odd/**').stat(object.key, never)), `What there is at ${object.key}`).toEqual(inSeconds(object))
      expect((await bytesOf(access('odd/**'), object)).toString(), `The bytes of ${object.key}`).toBe(object.key)
    }
  })

  test('what is listed has its length, its time and a fingerprint, and an address without a secret', async () => {
    const before = Date.now()
    await store().put('told/a.csv', '12345')
    const object = await onlyOne(access('told/*'))
    expect(object).toMatchObject({ key: 'told/a.csv', bytes: 5, fingerprint: expect.any(String) })
    expect(Math.abs(Date.parse(object.modifiedAt ?? '') - before)).toBeLessThan(60_000)
    expect(object.modifiedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    expect(access('told/*').addressPrefix).toMatch(/^[a-z0-9]+:\/\/.*\/$/)
  })

  test('what does not match is not listed, nor what only stands for a folder', async () => {
    for (const key of ['tree/a.csv', 'tree/a.json', 'tree/b/c.csv', 'tree/b/d/e.csv', 'treetop.csv']) await store().put(key, 'x')
    if (store().canHold?.('tree/b/') ?? true) await store().put('tree/b/', '')
    const keys = async (pattern: string) => (await listed(access(pattern))).map(({ key }) => key).sort()
    expect(await keys('tree/*.csv')).toEqual(['tree/a.csv'])
    expect(await keys('tree/**/*.csv')).toEqual(['tree/a.csv', 'tree/b/c.csv', 'tree/b/d/e.csv'])
    expect(await keys('tree/')).toEqual(['tree/a.csv', 'tree/a.json', 'tree/b/c.csv', 'tree/b/d/e.csv'])
    expect(await keys('tree/a.csv')).toEqual(['tree/a.csv'])
    expect(await keys('tree/none.csv')).toEqual([])
    expect(await keys('nothing/*')).toEqual([])
  })

  test('more objects than the store tells at once are all listed, once, in pages that are bounded', async () => {
    const objects = Array.from({ length: store().manyObjects }, (_, at) => ({ key: `many/${at}.csv`, body: 'x' }))
    const fill = store().fill ?? ((all) => inTurns(all, ({ key, body }) => store().put(key, body)))
    await fill(objects)
    let most = 0
    const keys: string[] = []
    for await (const page of access('many/*').list(never)) {
      most = Math.max(most, page.length)
      keys.push(...page.map(({ key }) => key))
    }
    expect(keys.sort()).toEqual(objects.map(({ key }) => key).sort())
    expect(most).toBeLessThanOrEqual(5000)
    expect(most).toBeLessThan(objects.length)
  }, 120_000)

  test('a listing that is divided at keys is the same listing, wherever it is divided', async () => {
    const inBytes = (keys: string[]) => keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    for (const pattern of ['odd/**', 'many/*']) {
      const keys = inBytes((await listed(access(pattern))).map(({ key }) => key))
      const middle = keys[keys.length >> 1] ?? ''
      for (const at of [[middle], inBytes([keys[0] ?? '', `${middle}~`, middle]), ['', 'a', '~'], inBytes(keys.filter((_, index) => index % 400 === 5))]) {
        const divided: string[] = []
        for await (const page of access(pattern).list(never, at)) divided.push(...page.map(({ key }) => key))
        expect(inBytes(divided), `Divided at ${at.join(', ')}`).toEqual(keys)
      }
    }
  })

  test('a listing that is left early, or whose reader takes its time, is left and read as any other', async () => {
    for await (const page of access('many/*').list(never)) {
      expect(page.length).toBeGreaterThan(0)
      break
    }
    expect((await listed(access('many/*'))).length).toBe(store().manyObjects)
  })
}

/** A header has no room for parts of a second. */
function inSeconds(object: ListedObject | null): ListedObject | null {
  return object && { ...object, modifiedAt: object.modifiedAt?.replace(/\.\d+Z$/, 'Z') ?? null }
}

async function inTurns<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = items.values()
  await Promise.all(Array.from({ length: 32 }, async () => {
    for (const item of waiting) await work(item)
  }))
}
