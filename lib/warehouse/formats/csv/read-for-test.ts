import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Json } from '@duckdb/node-api'
import { FilesSettings, type CsvSettings } from '@/lib/core/files-settings'
import { openEngine, type Engine } from '../../duckdb'
import { Misfits, Rewritten, type Inspection, type LocalFile, type Piece, type ReadColumn } from '../format'
import { csvFormat } from './csv-format'

/** Text files of a test, read as a sync reads them. */
export class CsvRoom {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'csv-'))
  private constructor(readonly engine: Engine) {}

  static async open(): Promise<CsvRoom> {
    return new CsvRoom(await openEngine(new AbortController().signal))
  }

  async close(): Promise<void> {
    await this.engine.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  file(text: string | Uint8Array): LocalFile {
    const file = path.join(this.folder, `${randomUUID()}.csv`)
    const bytes = Buffer.from(text)
    writeFileSync(file, bytes)
    return { path: file, bytes: bytes.length, address: 's3://b/a.csv' }
  }

  inspect(text: string | Uint8Array, csv: CsvSettings = {}, like: Inspection | null = null): Promise<Inspection> {
    return csvFormat.inspect(this.engine, this.file(text), settingsOf(csv), like)
  }

  /** The columns with their types, and the rows as text. */
  async read(text: string | Uint8Array, csv: CsvSettings = {}, types: Record<string, string> = {}): Promise<{ columns: string[]; rows: Json[][] }> {
    const file = this.file(text)
    const inspection = await csvFormat.inspect(this.engine, file, settingsOf(csv), null)
    return this.readPiece({ file, inspection, isFirst: true, linesBefore: 0 }, types)
  }

  async readPiece(asked: Piece, types: Record<string, string> = {}): Promise<{ columns: string[]; rows: Json[][]; piece: Piece }> {
    let piece = (await csvFormat.prepare?.(asked)) ?? asked
    let columns: ReadColumn[] = piece.inspection.columns.map((column) => ({ ...column, as: types[column.name] ?? column.type, isChosen: types[column.name] !== undefined }))
    for (;;) {
      try {
        const texts = columns.map(({ name }) => `CAST("${name.replaceAll('"', '""')}" AS VARCHAR)`).join(', ')
        const rows = columns.length ? await this.engine.rows(`SELECT ${texts} FROM (${csvFormat.selectSql(piece, columns)})`) : []
        return { columns: columns.map(({ name, as }) => `${name} ${as}`), rows, piece }
      } catch (error) {
        const cause = await csvFormat.explain(this.engine, piece, columns, error)
        if (cause instanceof Rewritten) piece = cause.piece
        else if (cause instanceof Misfits) columns = columns.map((column) => ({ ...column, as: cause.columns.find(({ name }) => name === column.name)?.widerType ?? column.as }))
        else throw cause
      }
    }
  }
}

export function settingsOf(csv: CsvSettings): FilesSettings {
  return FilesSettings.parse({ format: 'csv', csv })
}
