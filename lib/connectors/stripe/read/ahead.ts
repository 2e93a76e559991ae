/** Works on many things at once, and hands out what becomes of them in their order. Leaving early, or a failure, ends all that is under way. */
export async function* ahead<Item, Done>(items: Item[], most: number, work: (item: Item, signal: AbortSignal) => Promise<Done>, signal: AbortSignal): AsyncGenerator<Done> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const begun: Promise<Done>[] = []
  let next = 0
  try {
    while (next < items.length || begun.length > 0) {
      for (const item of items.slice(next, next + most - begun.length)) {
        const done = work(item, either)
        done.catch(() => undefined) // it is thrown when its turn comes
        begun.push(done)
        next++
      }
      const done = await begun[0]
      begun.shift()
      if (done !== undefined) yield done
    }
  } finally {
    stop.abort()
    await Promise.allSettled(begun)
  }
}
