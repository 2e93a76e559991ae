import type net from 'node:net'
import { limits } from '@/lib/core/limits'
import type { BytesBatch } from '../contract'
import { CopyParser } from './copy-parser'

const ERROR = 0x45
const READY = 0x5a
const WATCH_MS = 1_000

/** The failure of a read whose server sends nothing any more. */
export const IDLE = Symbol('idle')

/** The stream of one COPY over a session's socket, taken over from its client, which has nothing to do meanwhile. */
export class CopyStream {
  isComplete = false
  private readonly parser: CopyParser
  private ready: BytesBatch | undefined
  /** The batch that the consumer works on; it is done with it when it asks for the next. */
  private lent: BytesBatch | undefined
  private failure: unknown
  private waiting: { resolve(batch: BytesBatch | null): void; reject(error: unknown): void } | undefined
  private heard = 0
  private watch: NodeJS.Timeout | undefined
  private clientsListeners: ReturnType<net.Socket['rawListeners']> = []

  constructor(private readonly socket: net.Socket, batchBytes: number, mostRowBytes?: number) {
    this.parser = new CopyParser(batchBytes, { onBatch: (batch) => this.offer(batch), onMessage: (type, body) => this.onMessage(type, body) }, mostRowBytes)
  }

  start(statement: string): void {
    const { socket } = this
    this.clientsListeners = socket.rawListeners('data')
    socket.removeAllListeners('data')
    socket.on('data', this.onData).on('error', this.onError).on('close', this.onClose)
    const sql = Buffer.from(`${statement}\0`)
    const message = Buffer.alloc(5)
    message.write('Q')
    message.writeInt32BE(sql.length + 4, 1)
    socket.write(Buffer.concat([message, sql]))
    this.watchIdle()
    // cut since its last use: its event has passed
    if (socket.destroyed) this.onClose()
  }

  /** The next batch, null after the last. */
  async next(): Promise<BytesBatch | null> {
    if (this.lent) this.parser.reuse(this.lent)
    this.lent = undefined
    const batch = await this.take()
    this.lent = batch ?? undefined
    return batch
  }

  private take(): Promise<BytesBatch | null> {
    const { ready } = this
    if (this.failure !== undefined) return Promise.reject(this.failure)
    if (ready) {
      this.ready = undefined
      // What arrived behind the full batch goes first; it may fill the next one already.
      this.guarded(() => this.parser.resume())
      if (!this.ready) this.socket.resume()
      return Promise.resolve(ready)
    }
    if (this.isComplete) return Promise.resolve(this.parser.last())
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  /** Let go of the socket. After a COPY that is complete its client can go on with it. */
  stop(): void {
    const { socket } = this
    clearInterval(this.watch)
    socket.off('data', this.onData)
    this.fail(new Error('stopped'))
    if (this.isComplete) {
      socket.off('error', this.onError).off('close', this.onClose)
      for (const listener of this.clientsListeners.splice(0)) socket.on('data', listener as (chunk: Buffer) => void) // taken from the same event
    }
    socket.resume()
  }

  private readonly onData = (chunk: Buffer): void => {
    this.heard += chunk.length
    this.guarded(() => this.parser.push(chunk))
  }

  /** A parser that stumbles ends the read, not the process. */
  private guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.fail(error)
      this.socket.destroy()
    }
  }

  private readonly onError = (error: unknown): void => this.fail(error)
  private readonly onClose = (): void => this.fail(new Error('closed'))

  /** A full batch: handed over when somebody waits for it, else kept while the socket rests. */
  private offer(batch: BytesBatch): boolean {
    const { waiting } = this
    if (waiting) {
      this.waiting = undefined
      waiting.resolve(batch)
      return true
    }
    this.ready = batch
    this.socket.pause()
    return false
  }

  private onMessage(type: number, body: Buffer): void {
    if (type === ERROR) this.fail(serverError(body))
    if (type !== READY || this.failure !== undefined) return
    this.isComplete = true
    clearInterval(this.watch)
    this.waiting?.resolve(this.parser.last())
    this.waiting = undefined
  }

  private fail(error: unknown): void {
    if (this.isComplete || this.failure !== undefined) return
    this.failure = error
    clearInterval(this.watch)
    this.waiting?.reject(error)
    this.waiting = undefined
  }

  /** A server that sends nothing while we listen is given up. */
  private watchIdle(): void {
    let before = -1
    let quietMs = 0
    this.watch = setInterval(() => {
      quietMs = this.heard === before && !this.socket.isPaused() ? quietMs + WATCH_MS : 0
      before = this.heard
      if (quietMs < limits.sourceIdleSeconds * 1000) return
      this.fail(IDLE)
      this.socket.destroy()
    }, WATCH_MS)
    this.watch.unref()
  }
}

/** The fields of an ErrorResponse that are shown. */
function serverError(body: Buffer): { code: string; message: string; detail: string; hint: string } {
  const fields = new Map(body.toString('utf8').split('\0').map((field) => [field[0], field.slice(1)]))
  return { code: fields.get('C') ?? '', message: fields.get('M') ?? '', detail: fields.get('D') ?? '', hint: fields.get('H') ?? '' }
}
