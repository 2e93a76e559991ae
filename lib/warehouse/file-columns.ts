import { RUN_ID, SYNCED_AT } from './column-sql'
import type { FileLayout, VersionColumn } from './version'

/** What a table of files tells of each row's origin. */
export const FILE = '_file'
export const FILE_MODIFIED_AT = '_file_modified_at'
export const FILE_ROW = '_file_row'

/** The columns that are ours in a table of files, in order. */
export const OWN_FILE_COLUMNS = [
  { name: FILE, type: 'VARCHAR' },
  { name: FILE_MODIFIED_AT, type: 'TIMESTAMPTZ' },
  { name: FILE_ROW, type: 'BIGINT' },
  { name: SYNCED_AT, type: 'TIMESTAMPTZ' },
  { name: RUN_ID, type: 'VARCHAR' },
] as const

/** The layout of a file that has the columns of a version as columns of its own, those of the rows' origin too. */
export function fullLayout(columns: VersionColumn[]): FileLayout {
  return { columns: columns.flatMap(({ sourceName, name, type }) => (sourceName === null ? [] : [{ source: sourceName, name, type }])), object: null }
}
