import path from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { z } from 'zod'
import { projectFolder } from '@/lib/core/env'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import { peek } from './peek'
import { zstdUnpacker } from './zstd-frames.mjs'

/** A file that is not longer is unpacked here: starting a thread costs more. */
const SMALL_BYTES = 512 * 1024
/** What may wait for the other side: messages of about 1 MB for us, chunks for the thread. */
const MESSAGES_AHEAD = 4
const CHUNKS_AHEAD = 8
const [INPUTS, ROOM] = [0, 1]

const FromThread = z.union([z.object({ chunks: z.array(z.instanceof(Uint8Array)) }), z.object({ wants: z.literal(true) }), z.object({ done: z.literal(true) }), z.object({ failed: z.string() })])
type FromThread = z.infer<typeof FromThread>

/** The text of a zstd file, all of its frames, with their checksums. A window over 128 MB is refused, as zstd itself does unless told otherwise. */
export async function* unpackZstd(bytes: AsyncIterable<Uint8Array>, address: string): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(bytes, SMALL_BYTES)
  try {
    if (head.length < SMALL_BYTES) {
      const unpack = await zstdUnpacker()
      yield* ofDecoder(unpack([head]))
    } else yield* unpackInThread(all)
  } catch (error) {
    throw error instanceof UnpackFailure ? damaged(address, error) : error
  } finally {
    await all.return(undefined)
  }
}

function* ofDecoder(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  const iterator = chunks[Symbol.iterator]()
  for (;;) {
    const next = attempt(() => iterator.next())
    if (next.done) return
    yield next.value
  }
}

function attempt<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new UnpackFailure(error instanceof Error ? error.message : String(error))
  }
}

/** Unpacking takes a processor for itself, which the thread that fetches and writes has no time for. */
async function* unpackInThread(bytes: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const signals = new Int32Array(new SharedArrayBuffer(8))
  const { port1: toThread, port2: port } = new MessageChannel()
  const thread = new Worker(path.join(projectFolder(), 'lib/pipeline/files/fetch/zstd-thread.mjs'), { workerData: { signals, port }, transferList: [port], execArgv: [], env: {} })
  const inbox = new Inbox(thread)
  const signal = (which: number): void => {
    Atomics.add(signals, which, 1)
    Atomics.notify(signals, which)
  }
  const feed = async (): Promise<void> => {
    const next = await bytes.next()
    // a copy: a view would take all of the memory behind it along
    const own = next.done ? null : new Uint8Array(next.value)
    toThread.postMessage(own, own ? [own.buffer] : [])
    signal(INPUTS)
  }
  try {
    for (let count = 0; count < MESSAGES_AHEAD; count++) signal(ROOM)
    for (let count = 0; count < CHUNKS_AHEAD; count++) await feed()
    for (;;) {
      const message = await inbox.next()
      if ('failed' in message) throw new UnpackFailure(message.failed)
      if ('done' in message) return
      if ('wants' in message) await feed()
      else {
        signal(ROOM)
        yield* message.chunks
      }
    }
  } finally {
    toThread.close()
    await thread.terminate()
  }
}

class UnpackFailure extends Error {}

/** What the thread said and nobody has heard yet. */
class Inbox {
  private readonly messages: FromThread[] = []
  private failure: unknown
  private wake: (() => void) | undefined

  constructor(thread: Worker) {
    thread.on('message', (message) => {
      this.messages.push(FromThread.parse(message))
      this.wake?.()
    })
    const fail = (error: unknown): void => {
      this.failure ??= error
      this.wake?.()
    }
    thread.on('error', fail)
    thread.on('exit', () => fail(new Error('The thread that unpacks zstd ended')))
  }

  async next(): Promise<FromThread> {
    for (;;) {
      const message = this.messages.shift()
      if (message) return message
      if (this.failure) throw this.failure
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
  }
}

function damaged(address: string, { message }: UnpackFailure): FileProblem {
  if (message === 'incomplete') return new FileProblem(`${address} ends in the middle of its zstd data`, 'It was cut off when it was written or copied', 'Write it again')
  return new FileProblem(`${address} cannot be unpacked`, 'Its zstd data is damaged, or needs a window of more than 128 MB or a dictionary', 'Write it again, without --ultra, --long over 27 and dictionaries')
}
