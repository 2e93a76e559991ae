/** The first bytes (fewer when there are no more), and all of them in the chunks in which they came. */
export async function peek(bytes: AsyncIterable<Uint8Array>, count: number): Promise<{ head: Uint8Array; all: AsyncGenerator<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]()
  const first: Uint8Array[] = []
  let length = 0
  let isDone = false
  while (length < count && !isDone) {
    const next = await iterator.next()
    if (next.done) isDone = true
    else {
      first.push(next.value)
      length += next.value.length
    }
  }
  const head = first.length === 1 && first[0] ? first[0] : Buffer.concat(first)
  return { head: head.subarray(0, count), all: continued(first, isDone ? null : iterator) }
}

async function* continued(first: Uint8Array[], rest: AsyncIterator<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    yield* first.splice(0)
    for (let next = await rest?.next(); next && !next.done; next = await rest?.next()) yield next.value
  } finally {
    await rest?.return?.(undefined)
  }
}
