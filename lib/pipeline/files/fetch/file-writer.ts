import { open, rm, type FileHandle } from 'node:fs/promises'
import { toEngineError } from '@/lib/warehouse/duckdb'

const GATHERED_BYTES = 1024 * 1024

/** Writes chunks to a file, gathered into few calls; the chunks must not change afterwards. */
export class FileWriter {
  /** Where the next chunk goes. */
  position: number
  private gathered: Uint8Array[] = []
  private gatheredBytes = 0
  private writing: Promise<void> = Promise.resolve()

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
    position: number,
  ) {
    this.position = position
  }

  static async create(path: string): Promise<FileWriter> {
    return new FileWriter(path, await open(path, 'w+', 0o600), 0)
  }

  /** Another writer of the same file, from another place on. */
  at(position: number): FileWriter {
    return new FileWriter(this.path, this.handle, position)
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (chunk.length === 0) return
    this.gathered.push(chunk)
    this.gatheredBytes += chunk.length
    this.position += chunk.length
    if (this.gatheredBytes >= GATHERED_BYTES) await this.pass()
  }

  /** Everything is in the file afterwards. */
  async flush(): Promise<void> {
    await this.pass()
    await this.writing
  }

  async truncate(bytes: number): Promise<void> {
    await this.flush()
    await this.handle.truncate(bytes)
    this.position = bytes
  }

  /** What was written, in order, from a place on. */
  async *readBack(from = 0): AsyncGenerator<Uint8Array> {
    await this.flush()
    for (let at = from; at < this.position; ) {
      const { bytesRead, buffer } = await this.handle.read(Buffer.allocUnsafe(GATHERED_BYTES), 0, Math.min(GATHERED_BYTES, this.position - at), at)
      if (bytesRead === 0) throw new Error(`${this.path} is shorter than what was written`)
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  async close(): Promise<void> {
    try {
      await this.flush()
    } finally {
      await this.handle.close()
    }
  }

  /** Leave no file behind. */
  async discard(): Promise<void> {
    await this.writing.catch(() => {})
    await this.handle.close().catch(() => {})
    await rm(this.path, { force: true })
  }

  /** Hands what is gathered to the system, once it has taken what came before. */
  private async pass(): Promise<void> {
    await this.writing
    if (this.gatheredBytes === 0) return
    const [chunks, bytes] = [this.gathered, this.gatheredBytes]
    this.gathered = []
    this.gatheredBytes = 0
    this.writing = writeAll(this.handle, chunks, bytes, this.position - bytes)
    // told when it is waited for
    this.writing.catch(() => {})
  }
}

async function writeAll(handle: FileHandle, chunks: Uint8Array[], bytes: number, position: number): Promise<void> {
  try {
    let { bytesWritten } = await handle.writev(chunks, position)
    if (bytesWritten === bytes) return
    // a disk that is nearly full takes a part
    const all = Buffer.concat(chunks)
    while (bytesWritten < bytes) bytesWritten += (await handle.write(all, bytesWritten, bytes - bytesWritten, position + bytesWritten)).bytesWritten
  } catch (error) {
    throw toEngineError(error)
  }
}
