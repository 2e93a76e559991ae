import { innerName } from './column-sql'
import type { Engine } from './duckdb'
import { placedDataFilesSql, writeDeletesSql } from './parquet-sql'
import { quoteLiteral } from './sql-text'
import type { VersionColumn } from './version'

/** A data file that is in the store: its key there, and where it is read. */
export interface PlacedFile {
  key: string
  local: string
}

/**
 * Position deletes for the rows whose key came again at a later moment: a row that moved between two reads is in both of them. No moment has a key twice.
 * `moments`: the files of each that is past; `newest`: local files of the one that is now. Gives the number of rows; 0 leaves no file.
 */
export async function writeSuperseded(engine: Engine, { moments, newest, key }: { moments: PlacedFile[][]; newest: string[]; key: VersionColumn[] }, file: string): Promise<number> {
  const selects = moments.flatMap((older, index) => {
    const newer = [...moments.slice(index + 1).flatMap((files) => files.map(({ local }) => local)), ...newest]
    return older.length && newer.length ? [supersededSql(older, newer, key)] : []
  })
  if (!selects.length) return 0
  return engine.run(writeDeletesSql(selects.join(' UNION ALL '), file))
}

function supersededSql(older: PlacedFile[], newer: string[], key: VersionColumn[]): string {
  const keys = `[${older.map((file) => quoteLiteral(file.key)).join(', ')}]`
  const paths = `[${older.map((file) => quoteLiteral(file.local)).join(', ')}]`
  const isSame = key.map(innerName).map((name) => `o.${name} = n.${name}`).join(' AND ')
  return `SELECT ${keys}[list_position(${paths}, o.file)] AS file_path, o.pos FROM ${placedDataFilesSql(older.map(({ local }) => local), key)} AS o SEMI JOIN ${placedDataFilesSql(newer, key)} AS n ON ${isSame}`
}
