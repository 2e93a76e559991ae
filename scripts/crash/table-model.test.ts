import { describe, expect, test } from 'vitest'
import { generate } from './generate'
import { SourceModel } from './source-model'
import { BRAKE_FROM_ROWS, differenceWords, expectSync, isSame } from './table-model'

const asked = { method: 'incremental', isFull: false, isRepair: false, brakePercent: null } as const
const table = (...rows: string[]) => new Map(rows.map((row) => [row.split(' ')[0] ?? '', row]))
const many = (count: number, text = 'x') => new Map(Array.from({ length: count }, (_, id) => [String(id), `${id} ${text}`]))

describe('what a table has to hold after a sync', () => {
  const former = table('1 a', '2 b')
  const source = table('2 c', '3 d')

  test('incremental: what changed, and what is gone at the source stays', () => {
    expect(expectSync(former, source, asked).next).toEqual(table('1 a', '2 c', '3 d'))
  })

  test('full, reconciled, repaired, the first time, or asked for whole: what the source has', () => {
    for (const change of [{ method: 'full' as const }, { method: 'reconciled' as const }, { isRepair: true }, { isFull: true }]) expect(expectSync(former, source, { ...asked, ...change }).next).toEqual(source)
    expect(expectSync(null, source, asked).next).toEqual(source)
  })
})

describe('whether a version waits for somebody', () => {
  const waits = (former: ReturnType<typeof many>, next: ReturnType<typeof many>, change: Partial<Parameters<typeof expectSync>[2]> = {}) => expectSync(former, next, { ...asked, method: 'reconciled', brakePercent: 30, ...change }).waits

  test('one that would empty its table does, whatever its size, unless nothing was there', () => {
    expect([waits(many(1), many(0)), waits(many(0), many(0)), waits(many(1), many(0), { brakePercent: null })]).toEqual([true, false, false])
  })

  test('one that takes more than the share of a table with rows enough does, and exactly the share does not', () => {
    expect([waits(many(100), many(69)), waits(many(100), many(70)), waits(many(BRAKE_FROM_ROWS), many(1))]).toEqual([true, false, false])
  })

  test('changed rows count where rows are merged, not where everything is read anew', () => {
    expect([waits(many(100), many(100, 'y')), waits(many(100), many(100, 'y'), { method: 'full' })]).toEqual([true, false])
  })
})

test('a difference is told with its rows', () => {
  expect(differenceWords(table('1 a', '2 b', '4 e'), table('1 a', '2 c', '3 d'))).toBe('1 missing, such as 3 d; 1 too many, such as 4 e; 1 with other values, such as 2 b')
  expect(isSame(null, table())).toBe(false)
})

describe('the model of a source', () => {
  test('goes the same way with the same seed, and a late transaction is not seen before it is committed', () => {
    const history = generate(7)
    const [one, other] = [new SourceModel(history), new SourceModel(history)]
    for (const model of [one, other]) {
      model.fill()
      for (const kind of ['update', 'insert', 'delete', 'change keys'] as const) model.change(kind)
    }
    expect(isSame(one.table(), other.table())).toBe(true)
    const before = one.table().size
    const { written } = one.change('insert late')
    expect(one.table().size).toBe(before)
    one.commitLate()
    expect(one.table().size).toBe(before + written.length)
  })

  test('a changed row is told by a greater replication key, one that changes quietly is not', () => {
    const model = new SourceModel(generate(3))
    const greatest = Math.max(...model.fill().written.map(({ rev }) => Number(rev)))
    expect(model.change('update').written.every(({ rev }) => Number(rev) > greatest)).toBe(true)
    expect(model.change('update quietly').written.every(({ note }) => note?.startsWith('quietly'))).toBe(true)
  })
})
