import { formatBytes } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'

/** Counts what goes into unpacking. */
export class PackedBytes {
  bytes = 0

  async *count(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of packed) {
      this.bytes += chunk.length
      yield chunk
    }
  }
}

/** Passes what was unpacked, until it is more than anybody packs by itself: a small file that fills every disk. */
export async function* refuseBombs(unpacked: AsyncIterable<Uint8Array>, packed: { readonly bytes: number }, address: string): AsyncGenerator<Uint8Array> {
  const { bombBytes, bombRatio } = limits.files
  let bytes = 0
  for await (const chunk of unpacked) {
    bytes += chunk.length
    if (bytes > bombBytes && bytes > packed.bytes * bombRatio) {
      throw new FileProblem(`${address} unpacks to more than ${bombRatio.toLocaleString('en')} times its size`, `${formatBytes(packed.bytes)} had become ${formatBytes(bytes)}, and it went on`, 'Check what wrote it; if it is right, put it there unpacked')
    }
    yield chunk
  }
}
