/** The same pages, each asked for while the one before is being worked on. */
export async function* readAhead<T>(pages: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = pages[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const { done, value } = await next
      if (done) return
      next = iterator.next()
      next.catch(() => {}) // told when it is awaited
      yield value
    }
  } finally {
    // not waited for: the page under way is of no use to anybody
    iterator.return?.(undefined).catch(() => {})
  }
}
