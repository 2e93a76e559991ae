import { expect, test } from 'vitest'
import { inParallel } from './in-parallel'
import { failure, never } from './service-for-test'

function gate(): { promise: Promise<void>; open(): void } {
  let open = (): void => {}
  const promise = new Promise<void>((resolve) => (open = resolve))
  return { promise, open }
}

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const result of results) found.push(result)
  return found
}

/** Settles when it is aborted. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

test('results come as they are ready, and no more run at once than may', async () => {
  const gates = [gate(), gate(), gate(), gate()]
  let running = 0
  let most = 0
  const results = inParallel([0, 1, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running)
    await gates[item]?.promise
    running--
    return item
  }, never)
  gates[1]?.open()
  expect((await results.next()).value).toBe(1)
  gates[2]?.open()
  expect((await results.next()).value).toBe(2)
  gates[3]?.open()
  expect((await results.next()).value).toBe(3)
  gates[0]?.open()
  expect((await results.next()).value).toBe(0)
  expect((await results.next()).done).toBe(true)
  expect(most).toBe(2)
})

test('while nothing is ready, no more are begun than may run at once', async () => {
  const done = gate()
  let begun = 0
  const results = all(inParallel([1, 2, 3, 4, 5], 3, (item) => {
    begun++
    return done.promise.then(() => item)
  }, never))
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
  expect(begun).toBe(3)
  done.open()
  expect((await results).toSorted()).toEqual([1, 2, 3, 4, 5])
})

test('results are handed out while the next item is still awaited', async () => {
  const later = gate()
  async function* items(): AsyncGenerator<number> {
    yield 1
    await later.promise
    yield 2
  }
  const results = inParallel(items(), 4, (item) => Promise.resolve(item), never)
  expect((await results.next()).value).toBe(1)
  later.open()
  expect(await all(results)).toEqual([2])
})

test('the first failure aborts the rest, and is thrown when nothing runs any more', async () => {
  let running = 0
  const work = async (item: number, signal: AbortSignal): Promise<number> => {
    running++
    try {
      if (item === 2) throw new Error('two')
      return await untilAborted(signal)
    } finally {
      await Promise.resolve()
      running--
    }
  }
  expect(await failure(all(inParallel([1, 2, 3], 3, work, never)))).toMatchObject({ message: 'two' })
  expect(running).toBe(0)
})

test('a failure of the items aborts what runs', async () => {
  async function* items(): AsyncGenerator<number> {
    yield 1
    throw new Error('no more items')
  }
  expect(await failure(all(inParallel(items(), 2, (_, signal) => untilAborted(signal), never)))).toMatchObject({ message: 'no more items' })
})

test('an abort ends it with its reason, and ending it early aborts what runs and closes the items', async () => {
  const stop = new AbortController()
  const aborted = failure(all(inParallel([1, 2], 2, (_, signal) => untilAborted(signal), stop.signal)))
  stop.abort(new Error('enough'))
  expect(await aborted).toMatchObject({ message: 'enough' })

  let isClosed = false
  let wasAborted = false
  function* items(): Generator<number> {
    try {
      yield* [1, 2, 3]
    } finally {
      isClosed = true
    }
  }
  const hasBegun = gate()
  const work = async (item: number, signal: AbortSignal): Promise<number> => {
    if (item === 1) return hasBegun.promise.then(() => item)
    hasBegun.open()
    return untilAborted(signal).finally(() => (wasAborted = true))
  }
  for await (const result of inParallel(items(), 2, work, never)) {
    expect(result).toBe(1)
    break
  }
  expect([isClosed, wasAborted]).toEqual([true, true])
})
