import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { formatBytes } from '@/lib/core/format'
import { WireFailure } from './failure'

/**
 * The whole body, unpacked. A body that ends early is a failure, never a short body; one that is longer than `mostBytes`, or
 * unpacks to more, is dropped as soon as that is seen.
 */
export async function readBody(response: IncomingMessage, method: string, mostBytes: number, onBytes: () => void): Promise<{ body: Buffer; wireBytes: number }> {
  const packed = await readPacked(response, mostBytes, onBytes)
  let body = packed
  if (packed.length === 0 && isEmpty(response, method)) return { body: packed, wireBytes: 0 }
  // the last coding was put on last, so it comes off first
  for (const coding of codingsOf(response).reverse()) body = await unpack(body, coding, mostBytes)
  return { body, wireBytes: packed.length }
}

async function readPacked(response: IncomingMessage, mostBytes: number, onBytes: () => void): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      onBytes()
      length += chunk.length
      if (length > mostBytes) throw tooBig(mostBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    if (error instanceof WireFailure) throw error
    throw new WireFailure('cut', 'The connection ended in the middle of the answer', error)
  }
  if (!response.complete) throw new WireFailure('cut', 'The connection ended in the middle of the answer')
  return Buffer.concat(chunks, length)
}

/** Is it meant to have no body? One that only ends before its first byte has been cut. */
function isEmpty({ statusCode, headers }: IncomingMessage, method: string): boolean {
  return method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
}

function codingsOf(response: IncomingMessage): string[] {
  const names = (response.headers['content-encoding'] ?? '').toLowerCase().split(',')
  return names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity')
}

type Unpacker = (packed: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Promise<Buffer>

const UNPACKERS: Record<string, Unpacker> = {
  gzip: promisify(zlib.gunzip) as Unpacker, // promisify sees only the last of its overloads, the one without options
  'x-gzip': promisify(zlib.gunzip) as Unpacker,
  br: promisify(zlib.brotliDecompress) as Unpacker,
  deflate: promisify(zlib.inflate) as Unpacker,
  'raw deflate': promisify(zlib.inflateRaw) as Unpacker,
}

async function unpack(packed: Buffer, coding: string, mostBytes: number): Promise<Buffer> {
  // some servers leave the zlib header away, whose low four bits are 8
  const unpacker = UNPACKERS[coding === 'deflate' && ((packed[0] ?? 0) & 15) !== 8 ? 'raw deflate' : coding]
  if (!unpacker) throw new WireFailure('encoding', `It is packed as "${coding.slice(0, 40)}", which was not asked for`)
  try {
    return await unpacker(packed, { maxOutputLength: mostBytes, chunkSize: 64 * 1024 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooBig(mostBytes)
    // the length was as announced, so that nothing was cut on the way to us: it may have been cut before
    if (code === 'Z_BUF_ERROR') throw new WireFailure('cut', 'The packed answer ended too early', error)
    throw new WireFailure('encoding', `It is not packed as it says (${code})`, error)
  }
}

function tooBig(mostBytes: number): WireFailure {
  return new WireFailure('too_big', `It has more than ${formatBytes(mostBytes)}`)
}
