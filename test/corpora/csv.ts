import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { detectEncoding } from '@/lib/warehouse/formats/csv/encoding'
import { eachRow } from '@/lib/warehouse/formats/csv/prepare'
import { CsvRoom, settingsOf } from '@/lib/warehouse/formats/csv/read-for-test'
import { isNull } from '@/lib/warehouse/formats/csv/row-reader'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { Inspection, Piece } from '@/lib/warehouse/formats/format'

export interface CsvCorpusResult {
  file: string
  outcome: 'read right' | 'refused in words' | 'WRONG'
  words: string
}

/**
 * Every text file under a folder. With `../json/<name>.json` beside it, as csv-spectrum has it, the rows must be those; without, what the engine read must be what our own
 * reader reads, text by text, or be refused in words.
 */
export async function runCsvCorpus(folder: string): Promise<CsvCorpusResult[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(csv|tsv|txt|tbl|gz)$/.test(name)).sort()
  const room = await CsvRoom.open()
  try {
    const results: CsvCorpusResult[] = []
    for (const file of names) results.push({ file, ...(await outcomeOf(room, path.join(folder, file))) })
    return results
  } finally {
    await room.close()
  }
}

async function outcomeOf(room: CsvRoom, name: string): Promise<Omit<CsvCorpusResult, 'file'>> {
  try {
    const expected = await expectedRows(name)
    const text = await textOf(name)
    const file = room.file(text)
    const inspection = await room.inspect(text, expected ? { header: true } : {})
    const piece: Piece = { file: { ...file, address: path.basename(name) }, inspection, isFirst: true, linesBefore: 0 }
    const read = await room.readPiece(piece, Object.fromEntries(inspection.columns.map((column) => [column.name, 'VARCHAR'])))
    const typed = await room.readPiece(piece)
    const own = expected ?? (await ownRows(piece))
    const isRight = JSON.stringify(expected ? read.rows.map((row) => row.map((value) => value ?? '')) : read.rows) === JSON.stringify(own) && typed.rows.length === read.rows.length
    return { outcome: isRight ? 'read right' : 'WRONG', words: `${read.rows.length} rows; ${described(inspection, typed.columns)}` }
  } catch (error) {
    if (error instanceof FileProblem) return { outcome: 'refused in words', words: `${error.title}. ${error.detail ?? ''}` }
    return { outcome: 'WRONG', words: error instanceof AppError ? error.message : String(error) }
  }
}

function described({ csv }: Inspection, columns: string[]): string {
  return `${JSON.stringify([csv?.delimiter, csv?.quote, csv?.escape, csv?.header, csv?.skipLines, csv?.comment])} ${columns.join(', ').slice(0, 160)}`
}

async function textOf(name: string): Promise<string> {
  const bytes = await readFile(name)
  const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes
  const encoding = detectEncoding(plain.subarray(0, 65_536), settingsOf({}))
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(plain)
  } catch (cause) {
    throw new FileProblem(`${path.basename(name)} is not ${encoding} to its end`, '', 'Say which encoding the file has', cause)
  }
}

async function expectedRows(name: string): Promise<string[][] | null> {
  const json = path.join(path.dirname(name), '..', 'json', path.basename(name).replace(/csv$/, 'json'))
  const text = await readFile(json, 'utf8').catch(() => null)
  return text === null ? null : z.array(z.record(z.string(), z.string())).parse([JSON.parse(text)].flat()).map((row) => Object.values(row))
}

async function ownRows(piece: Piece): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = []
  await eachRow(piece, ({ fields, isQuoted }) => rows.push(piece.inspection.columns.map((_, i) => (isNull(fields[i] ?? '', isQuoted[i] ?? false, []) ? null : (fields[i] ?? '')))))
  return rows
}
