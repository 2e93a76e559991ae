import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Json } from '@duckdb/node-api'
import { FilesSettings } from '@/lib/core/files-settings'
import { openEngine, type Engine } from '../../duckdb'
import type { Inspection, LocalFile, Place, ReadColumn } from '../format'
import { jsonFormat } from './json-format'

export interface ReadForTest {
  inspection: Inspection
  /** By the names of the columns. */
  types: Record<string, string>
  rows: Json[][]
}

export interface ReadOptions {
  /** By the names of the columns. */
  chosen?: Record<string, string>
  place?: Place
  like?: Inspection | null
}

/** Texts of a test, read as a sync reads them. */
export class JsonRoom {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'json-'))
  private constructor(private readonly engine: Engine) {}

  static async open(): Promise<JsonRoom> {
    return new JsonRoom(await openEngine(new AbortController().signal))
  }

  async close(): Promise<void> {
    await this.engine.close()
    rmSync(this.folder, { recursive: true })
  }

  file(content: string | Uint8Array): LocalFile {
    const file = { path: path.join(this.folder, `${randomUUID()}.json`), bytes: Buffer.byteLength(content), address: 's3://b/a.json' }
    writeFileSync(file.path, content)
    return file
  }

  inspect(file: LocalFile, { like = null, place }: ReadOptions = {}): Promise<Inspection> {
    return jsonFormat.inspect(this.engine, file, FilesSettings.parse({ format: 'json' }), like, place)
  }

  /** Throws what `explain` says. */
  async read(content: string | Uint8Array, options: ReadOptions = {}): Promise<ReadForTest> {
    const { chosen = {}, place } = options
    const file = this.file(content)
    const inspection = await this.inspect(file, options)
    const columns = inspection.columns.map((column): ReadColumn => ({ ...column, as: chosen[column.name] ?? column.type, isChosen: column.name in chosen }))
    const piece = { file, inspection, isFirst: true, linesBefore: 0, ...place }
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]))
    if (columns.length === 0) return { inspection, types, rows: [] }
    const rows = await this.engine.rows(jsonFormat.selectSql(piece, columns)).catch(async (error: unknown) => {
      throw await jsonFormat.explain(this.engine, piece, columns, error)
    })
    return { inspection, types, rows }
  }
}
