import { createGunzip, type Gunzip } from 'node:zlib'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'

const OUT_BYTES = 256 * 1024

/** The text of a gzip file, all of its members. Zeros behind the last one are padding; anything else there is refused, as is a file that ends too early. */
export async function* unpackGzip(bytes: AsyncIterable<Uint8Array>, address: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: OUT_BYTES })
  const feeding = feed(bytes, gunzip, address)
  // told by the stream as well, which somebody is waiting for
  feeding.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))))
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk
    await feeding
  } catch (error) {
    throw isOfZlib(error) ? damaged(address, error) : error
  } finally {
    gunzip.destroy()
  }
}

async function feed(bytes: AsyncIterable<Uint8Array>, gunzip: Gunzip, address: string): Promise<void> {
  let onTaken: (() => void) | undefined
  // a stream that failed or is not wanted any more takes nothing
  gunzip.once('close', () => onTaken?.())
  let fed = 0
  let isAtEnd = false
  for await (const chunk of bytes) {
    if (!isAtEnd) {
      await new Promise<void>((resolve) => {
        onTaken = resolve
        if (gunzip.destroyed) resolve()
        else gunzip.write(chunk, () => resolve())
      })
      if (gunzip.destroyed && !gunzip.readableEnded) return
    }
    // what zlib leaves of a chunk comes after the last member
    const left: number = isAtEnd ? chunk.length : fed + chunk.length - gunzip.bytesWritten
    fed += chunk.length
    isAtEnd ||= left > 0
    if (left > 0 && chunk.subarray(chunk.length - left).some((byte) => byte !== 0)) throw trailing(address)
  }
  gunzip.end()
}

function isOfZlib(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
}

function damaged(address: string, error: NodeJS.ErrnoException): FileProblem {
  if (error.code === 'Z_BUF_ERROR') return new FileProblem(`${address} ends in the middle of its gzip data`, 'It was cut off when it was written or copied', 'Write it again', error)
  if (error.message === 'incorrect header check') return trailing(address, error)
  return new FileProblem(`${address} is damaged`, `Its gzip data cannot be unpacked: ${error.message}`, 'Write it again', error)
}

function trailing(address: string, error?: unknown): FileProblem {
  return new FileProblem(`${address} has something behind its gzip data`, 'What follows the last member is neither gzip nor zeros', 'Write it again', error)
}
