import type { Engine } from '@/lib/warehouse/duckdb'
import { Misfits, Rewritten, type Format, type Piece, type ReadColumn } from '@/lib/warehouse/formats/format'
import { writeLaidOutSql } from '@/lib/warehouse/parquet-sql'

/** A piece of an object as a data file: its columns are `c0`, `c1` and so on, so that no name of the file meets one of ours. */
export interface StagedPiece {
  path: string
  rows: number
  columns: ReadColumn[]
}

/** A piece as `stagePiece` takes it. Needs no engine. */
export async function prepared(format: Format, piece: Piece): Promise<Piece> {
  return format.prepare ? format.prepare(piece) : piece
}

/** More rounds than a type can become wider. */
const ROUNDS = 8

/**
 * Writes the rows of a prepared piece, in their order, as a data file. A column with a value that does not fit is read again as a wider type; a file that is broken
 * is refused with a FileProblem.
 */
export async function stagePiece(engine: Engine, format: Format, piece: Piece, asked: ReadColumn[], target: string): Promise<StagedPiece> {
  return selected(engine, format, piece, asked, {
    rounds: ROUNDS,
    work: async (select, columns) => ({ path: target, rows: await engine.run(writeLaidOutSql(numbered(select, columns), target)), columns }),
  })
}

/** Does `work` with the SELECT of a prepared piece, and again with wider columns or a piece written anew for as long as that is what failed. */
export async function selected<T>(engine: Engine, format: Format, given: Piece, asked: ReadColumn[], { rounds, work }: { rounds: number; work(select: string, columns: ReadColumn[]): Promise<T> }): Promise<T> {
  let piece = given
  let columns = asked
  for (let round = 0; ; round++) {
    try {
      return await work(format.selectSql(piece, columns), columns)
    } catch (error) {
      const cause = await format.explain(engine, piece, columns, error)
      if (round === rounds) throw error
      if (cause instanceof Misfits) columns = widened(columns, cause)
      else if (cause instanceof Rewritten) piece = cause.piece
      else throw cause
    }
  }
}

/** The columns of a SELECT as a data file has them, by their places: names of files may differ in capitals alone. */
export function numbered(select: string, columns: ReadColumn[]): string {
  return `SELECT * FROM (${select}) AS r(${columns.map((_, index) => `c${index}`).join(', ')})`
}

function widened(columns: ReadColumn[], misfits: Misfits): ReadColumn[] {
  const wider = new Map(misfits.columns.map(({ name, widerType }) => [name, widerType]))
  return columns.map((column) => ({ ...column, as: wider.get(column.name) ?? column.as }))
}

/** The columns of a data file, for its layout. */
export function layoutColumns(columns: ReadColumn[]): { source: string; name: string; type: string }[] {
  return columns.map(({ name, as }, index) => ({ source: name, name: `c${index}`, type: as }))
}
