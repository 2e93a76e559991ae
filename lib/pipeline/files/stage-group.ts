import type { Engine } from '@/lib/warehouse/duckdb'
import { FILE, FILE_MODIFIED_AT, FILE_ROW } from '@/lib/warehouse/file-columns'
import { RUN_ID, SYNCED_AT } from '@/lib/warehouse/column-sql'
import type { Format, Piece, ReadColumn } from '@/lib/warehouse/formats/format'
import { writeLaidOutSql } from '@/lib/warehouse/parquet-sql'
import { quoteIdentifier, quoteLiteral, quotePath } from '@/lib/warehouse/sql-text'
import type { FileLayout } from '@/lib/warehouse/version'

/** A small object that is on this machine. */
export interface GroupMember {
  address: string
  modifiedAt: string | null
  piece: Piece
  columns: ReadColumn[]
}

export interface StagedGroup {
  path: string
  layout: FileLayout
  /** Rows of each member, in order. */
  rows: number[]
}

/** Writes the rows of small objects of one group of `compatibleGroups` as one data file, with where each row came from. Fails when one of them does. */
export async function stageGroup(engine: Engine, format: Format, members: GroupMember[], run: { syncedAt: string; runId: string }, target: string): Promise<StagedGroup> {
  const all = allColumns(members)
  await engine.run(writeLaidOutSql(members.map((member) => memberSql(format, member, all, run)).join(' UNION ALL '), target))
  const counts = await engine.rows(`SELECT ${quoteIdentifier(FILE)}, count(*) FROM read_parquet(${quotePath(target)}) GROUP BY ALL`)
  const rowsOf = new Map(counts.map(([address, rows]) => [String(address), Number(rows)]))
  return { path: target, layout: { columns: all.map(({ source, type }, index) => ({ source, name: `c${index}`, type })), object: null }, rows: members.map(({ address }) => rowsOf.get(address) ?? 0) }
}

/**
 * Parts members into those that one data file can hold: each column has one type in it, so that its values stay what their own file alone makes of them. A column
 * that a member lacks is NULL there.
 */
export function compatibleGroups(members: GroupMember[]): GroupMember[][] {
  const groups: { types: Map<string, string>; members: GroupMember[] }[] = []
  for (const member of members) {
    let group = groups.find(({ types }) => member.columns.every(({ name, as }) => (types.get(name) ?? as) === as))
    if (!group) groups.push((group = { types: new Map(), members: [] }))
    for (const { name, as } of member.columns) group.types.set(name, as)
    group.members.push(member)
  }
  return groups.map((group) => group.members)
}

function allColumns(members: GroupMember[]): { source: string; type: string }[] {
  return [...new Map(members.flatMap(({ columns }) => columns.map(({ name, as }) => [name, as] as const)))].map(([source, type]) => ({ source, type }))
}

function memberSql(format: Format, { address, modifiedAt, piece, columns }: GroupMember, all: { source: string; type: string }[], { syncedAt, runId }: { syncedAt: string; runId: string }): string {
  const values = all.map(({ source, type }, index) => {
    const isThere = columns.some(({ name }) => name === source)
    return `${isThere ? `r.${quoteIdentifier(source)}` : `CAST(NULL AS ${type})`} AS c${index}`
  })
  const origin = [
    `${quoteLiteral(address)} AS ${FILE}`,
    `CAST(${modifiedAt === null ? 'NULL' : quoteLiteral(modifiedAt)} AS TIMESTAMPTZ) AS ${FILE_MODIFIED_AT}`,
    `row_number() OVER () AS ${FILE_ROW}`,
    `CAST(${quoteLiteral(syncedAt)} AS TIMESTAMPTZ) AS ${SYNCED_AT}`,
    `${quoteLiteral(runId)} AS ${RUN_ID}`,
  ]
  return `SELECT ${[...values, ...origin].join(', ')} FROM (${format.selectSql(piece, columns)}) AS r`
}
