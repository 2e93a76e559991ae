import { AppError } from '@/lib/core/errors'
import { ObjectChanged } from './object-access'

/** The bytes [from, to) of an object as a store sends them: one that sends more has another object by now, and one that ends early is asked again. `to` is Infinity where nobody knows the end. */
export async function* exactBytes(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, key: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  let at = from
  for await (const chunk of chunks) {
    at += chunk.length
    if (at > to) throw new ObjectChanged(key)
    yield chunk
  }
  if (at < to && to !== Infinity) throw new AppError('unreachable', { title: 'The file ended too early', detail: `${key} had ${at} of ${to} bytes`, advice: 'It is asked for again' }, { isRetryable: true })
}
