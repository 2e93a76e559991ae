/** As much of a file as tells what it is packed with. */
export const HEAD_BYTES = 512

/** What a file is by its first bytes, where that is not the text itself. `unknown`: something that is not read here, by its name. */
export type Container = { kind: 'gzip' | 'zstd' | 'zip' } | { kind: 'unknown'; name: string; advice: string }

const REPACK = 'Pack it with gzip or zstd, or leave it unpacked'

/** By content alone: a name is anybody's choice. `*` stands for any byte. */
const SIGNATURES: { bytes: (number | '*')[]; at?: number; is: Container }[] = [
  { bytes: [0x1f, 0x8b], is: { kind: 'gzip' } },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], is: { kind: 'zstd' } },
  { bytes: [...ascii('PK'), 3, 4], is: { kind: 'zip' } },
  // an archive without a file in it
  { bytes: [...ascii('PK'), 5, 6], is: { kind: 'zip' } },
  { bytes: [...ascii('BZh'), '*', ...ascii('1AY&SY')], is: { kind: 'unknown', name: 'packed with bzip2', advice: REPACK } },
  { bytes: [0xfd, ...ascii('7zXZ'), 0], is: { kind: 'unknown', name: 'packed with xz', advice: REPACK } },
  { bytes: [0x04, 0x22, 0x4d, 0x18], is: { kind: 'unknown', name: 'packed with lz4', advice: REPACK } },
  { bytes: [0xff, 0x06, 0, 0, ...ascii('sNaPpY')], is: { kind: 'unknown', name: 'packed with snappy', advice: REPACK } },
  { bytes: [...ascii('7z'), 0xbc, 0xaf, 0x27, 0x1c], is: { kind: 'unknown', name: 'a 7z archive', advice: REPACK } },
  { bytes: [...ascii('Rar!'), 0x1a, 0x07], is: { kind: 'unknown', name: 'a RAR archive', advice: REPACK } },
  { bytes: ascii('ustar'), at: 257, is: { kind: 'unknown', name: 'a tar archive', advice: 'Put the files of the archive there one by one, or as a zip' } },
  { bytes: [...ascii('PAR1'), 0x15], is: { kind: 'unknown', name: 'a Parquet file', advice: 'Choose Parquet as the format of this table' } },
  { bytes: [...ascii('Obj'), 1], is: { kind: 'unknown', name: 'an Avro file', advice: 'Write it as Parquet, CSV or JSON lines' } },
]

/** What a file is packed in, by its beginning; null for what can be a text. */
export function containerOf(head: Uint8Array): Container | null {
  // a frame that readers skip may come before the first one with data
  if (head.length >= 4 && (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) return { kind: 'zstd' }
  return SIGNATURES.find(({ bytes, at = 0 }) => bytes.every((byte, index) => byte === '*' || head[at + index] === byte))?.is ?? null
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0))
}
