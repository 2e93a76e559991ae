type Step<Item, Result> = { item: IteratorResult<Item> } | { key: number; result: Result }

/**
 * The results of `work` for each of the items, as they are ready: `most` at a time, and an item is only asked for when there is
 * room. The first failure aborts the rest, by the signal that `work` is handed, and is thrown once nothing runs any more. Ending
 * the iteration early aborts the rest too.
 */
export async function* inParallel<Item, Result>(items: Iterable<Item> | AsyncIterable<Item>, most: number, work: (item: Item, signal: AbortSignal) => Promise<Result>, signal: AbortSignal): AsyncGenerator<Result, void> {
  signal.throwIfAborted()
  const stop = new AbortController()
  const onAbort = (): void => stop.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const running = new Map<number, Promise<Step<Item, Result>>>()
  let asked: Promise<Step<Item, Result>> | undefined
  let isEnd = false
  try {
    for (let key = 0; ; ) {
      if (!isEnd && running.size < most) asked ??= started(async () => ({ item: await iterator.next() }))
      if (asked === undefined && running.size === 0) return
      const step = await Promise.race([...running.values(), ...(asked ? [asked] : [])])
      stop.signal.throwIfAborted()
      if ('key' in step) {
        running.delete(step.key)
        yield step.result
        continue
      }
      asked = undefined
      const { item } = step
      if (item.done) isEnd = true
      else {
        const own = key++
        running.set(own, started(async () => ({ key: own, result: await work(item.value, stop.signal) })))
      }
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    stop.abort(signal.reason)
    await Promise.allSettled([...running.values(), asked])
    await iterator.return?.()
  }
}

/** It may fail while nobody looks: the next look sees it. */
function started<T>(begin: () => Promise<T>): Promise<T> {
  const promise = begin()
  promise.catch(() => {})
  return promise
}
