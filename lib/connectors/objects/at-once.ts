/** The pages of several listings as they come, each of them asked for its next one while others are worked on. The first failure ends all. */
export async function* atOnce<T>(lists: AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = lists.map((list) => list[Symbol.asyncIterator]())
  const underWay = new Map<number, Promise<{ index: number; result: IteratorResult<T> }>>()
  const ask = (index: number): void => {
    const next = iterators[index]?.next()
    if (!next) return
    const told = next.then((result) => ({ index, result }))
    told.catch(() => {}) // told when it is awaited
    // last in the row, so that none that is always ready keeps the others waiting
    underWay.delete(index)
    underWay.set(index, told)
  }
  try {
    iterators.forEach((_, index) => ask(index))
    while (underWay.size > 0) {
      const { index, result } = await Promise.race(underWay.values())
      if (result.done) underWay.delete(index)
      else {
        ask(index)
        yield result.value
      }
    }
  } finally {
    // not waited for: what is under way is of no use to anybody
    for (const iterator of iterators) iterator.return?.(undefined).catch(() => {})
  }
}
