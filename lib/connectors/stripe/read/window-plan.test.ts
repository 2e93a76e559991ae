import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SimulatedList, type Listed } from './simulated-list-for-test'
import { WindowPlan, type Window } from './window-plan'

const WHOLE: Window = { from: 0, to: null, after: null, place: null }
const NOW = 1_767_225_600
const DAY = 86_400

interface Asked {
  window: Window
  query: Window
}

/** Reads a list by a plan, with answers that overtake each other, and tells every object that was read. */
class Reader {
  readonly read: Listed[] = []
  readonly plan: WindowPlan
  requests = 0
  private readonly asked: Asked[] = []

  constructor(
    private readonly list: SimulatedList,
    windows: Window[] = [WHOLE],
    isCut = true,
  ) {
    this.plan = new WindowPlan(windows, isCut)
  }

  get isDone(): boolean {
    return this.asked.length === 0 && this.plan.left().length === 0
  }

  ask(): void {
    const window = this.plan.next()
    if (window) this.asked.push({ window, query: { ...window } })
  }

  /** One of those under way is answered. */
  answer(which: number): void {
    const [one] = this.asked.splice(which % Math.max(1, this.asked.length), 1)
    if (!one) return
    this.requests++
    const page = this.list.page(one.query)
    if (page === 'missing') {
      this.plan.lostPlace(one.window)
      this.asked.push({ window: one.window, query: { ...one.window } })
      return
    }
    const { rows, hasMore } = page
    this.plan.arrived(one.window, { rows: rows.length, newest: rows[0]?.created ?? null, oldest: rows.at(-1)?.created ?? null, last: rows.at(-1)?.id ?? null, hasMore, isOrdered: rows.length > 0 })
    this.read.push(...rows.filter(({ created }) => created >= one.window.from))
  }

  finish(atOnce: number): void {
    while (!this.isDone) {
      for (let index = 0; index < atOnce; index++) this.ask()
      this.answer(0)
    }
  }
}

/** Seconds before now, in bursts: many objects in one second, many in one hour, and long stretches without any. */
const bursts = fc.array(fc.record({ ago: fc.integer({ min: 0, max: 4000 * DAY }), span: fc.constantFrom(0, 0, 60, 3600, 90 * DAY), count: fc.integer({ min: 1, max: 400 }) }), { maxLength: 12 })
const steps = fc.array(fc.record({ asks: fc.integer({ min: 0, max: 4 }), answers: fc.integer({ min: 0, max: 3 }), which: fc.nat(50), remove: fc.option(fc.nat(10_000)), insert: fc.nat(2) }), { maxLength: 120 })

function filled(shape: { ago: number; span: number; count: number }[]): SimulatedList {
  const times = shape.flatMap(({ ago, span, count }) => Array.from({ length: count }, (_, index) => NOW - ago - Math.floor((span * index) / count)))
  return new SimulatedList(times)
}

test('every object that is there all the time is read, whatever is deleted and created between pages, however the windows are cut', () => {
  const property = fc.property(bursts, steps, (shape, moves) => {
    const list = filled(shape)
    const always = new Set(list.ids())
    const reader = new Reader(list)
    for (const { asks, answers, which, remove, insert } of moves) {
      for (let index = 0; index < asks; index++) reader.ask()
      // the objects at which pages begin are the ones whose deletion hurts
      const cursors = reader.plan.left().flatMap(({ after }) => after ?? [])
      const victim = remove === null ? undefined : remove % 2 ? cursors[remove % Math.max(1, cursors.length)] : list.ids()[remove % Math.max(1, list.ids().length)]
      if (victim !== undefined && list.remove(victim)) always.delete(victim)
      for (let index = 0; index < insert; index++) list.insert(NOW)
      for (let index = 0; index < answers; index++) reader.answer(which)
    }
    reader.finish(5)
    const read = new Set(reader.read.map(({ id }) => id))
    expect([...always].filter((id) => !read.has(id))).toEqual([])
  })
  fc.assert(property, { numRuns: 150 })
})

test('a plan made from what another one left reads exactly what that one did not', () => {
  const property = fc.property(bursts, fc.nat(60), (shape, pages) => {
    const list = filled(shape)
    const first = new Reader(list)
    for (let index = 0; index < pages; index++) {
      first.ask()
      first.ask()
      first.answer(index)
    }
    const rest = new Reader(list, first.plan.left())
    rest.finish(5)
    expect([...first.read, ...rest.read].map(({ id }) => id).sort()).toEqual([...list.ids()].sort())
  })
  fc.assert(property, { numRuns: 150 })
})

test('no object is read twice while nothing is deleted', () => {
  fc.assert(
    fc.property(bursts, fc.integer({ min: 1, max: 40 }), (shape, atOnce) => {
      const list = filled(shape)
      const reader = new Reader(list)
      reader.finish(atOnce)
      expect(reader.read.map(({ id }) => id).sort()).toEqual([...list.ids()].sort())
    }),
    { numRuns: 100 },
  )
})

test.each([
  ['evenly over three years', (share: number) => NOW - share * 3 * 365 * DAY],
  ['more and more of them', (share: number) => NOW - Math.log(1 / (1 - share)) * 180 * DAY],
  ['half of them in ten minutes', (share: number) => (share < 0.5 ? NOW - 400 * DAY - share * 1200 : NOW - (share - 0.5) * 4 * 365 * DAY)],
  ['on the first of each month', (share: number) => NOW - Math.floor(share * 36) * 30 * DAY - ((share * 36) % 1) * 7200],
  ['long ago', (share: number) => NOW - 8 * 365 * DAY - share * 70 * DAY],
])('reading many at once costs few requests more than one after the other: %s', (_, timeOf) => {
  const list = new SimulatedList(Array.from({ length: 100_000 }, (_value, index) => Math.floor(timeOf((index + 0.5) / 100_000))))
  const reader = new Reader(list)
  reader.finish(20)
  expect(reader.read.length).toBe(100_000)
  expect(reader.requests).toBeLessThan(1000 * 1.12)
})

test('a list without a filter by time is never cut', () => {
  const reader = new Reader(filled([{ ago: 0, span: 90 * DAY, count: 1000 }]), [WHOLE], false)
  reader.finish(20)
  expect(reader.requests).toBe(10)
  expect(reader.plan.began).toBe(1)
})

test('a page that is not in order of time takes nothing for read that may be left', () => {
  const plan = new WindowPlan([{ from: 100, to: 1000, after: null, place: null }], true)
  const window = plan.next()
  if (!window) throw new Error('There is no window')
  plan.arrived(window, { rows: 100, newest: null, oldest: null, last: 'a', hasMore: true, isOrdered: false })
  expect(plan.left()).toEqual([{ from: 100, to: 1000, after: 'a', place: null }])
  plan.lostPlace(window)
  expect(plan.left()).toEqual([{ from: 100, to: 1000, after: null, place: null }])
})

test('a page that holds newer objects than the one before it takes nothing for read that may be left', () => {
  const plan = new WindowPlan([{ from: 100, to: 1000, after: 'a', place: 500 }], true)
  const window = plan.next()
  if (!window) throw new Error('There is no window')
  plan.arrived(window, { rows: 100, newest: 600, oldest: 300, last: 'b', hasMore: true, isOrdered: true })
  expect(plan.left()).toEqual([{ from: 100, to: 1000, after: 'b', place: null }])
})

test('what is left is told once the beginning is known', () => {
  const plan = new WindowPlan([{ from: NOW - 1000, to: NOW, after: null, place: null }], true)
  const window = plan.next()
  expect(plan.rowsLeft()).toBeNull()
  if (!window) throw new Error('There is no window')
  plan.arrived(window, { rows: 100, newest: NOW - 1, oldest: NOW - 100, last: 'a', hasMore: true, isOrdered: true })
  expect(plan.rowsLeft()).toBe(901)
})
