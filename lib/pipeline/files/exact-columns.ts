import type { Engine } from '@/lib/warehouse/duckdb'
import type { Scratch } from '@/lib/warehouse/scratch'
import { quoteIdentifier, quotePath } from '@/lib/warehouse/sql-text'
import { exactSql } from '@/lib/warehouse/types/exact-sql'
import { mergeTypes } from '@/lib/warehouse/types/merge-types'
import type { FileLayout, TableSnapshot } from '@/lib/warehouse/version'
import type { StagedFile } from '../stage'
import type { FoundColumn } from './found-columns'

interface Input {
  /** The version whose files stay; null when none do. */
  former: TableSnapshot | null
  staged: StagedFile[]
  found: FoundColumn[]
  hold: Scratch['hold']
}

interface Holding {
  /** Only a file that is looked at is brought here. */
  path(): Promise<string>
  layout: FileLayout
}

/**
 * The columns of which some value would be changed by the merged type: an integer beyond 2^53 beside fractions. They become text, in which each keeps its digits. Only files
 * whose type is of that kind are looked at, and only at that column.
 */
export async function inexactColumns(engine: Engine, { former, staged, found, hold }: Input): Promise<Set<string>> {
  const inexact = new Set<string>()
  const files: Holding[] = [
    ...staged.flatMap(({ path, layout }) => (layout ? [{ path: async () => path, layout }] : [])),
    ...(former?.dataFiles ?? []).flatMap((file) => (file.layout ? [{ path: async () => (await hold([file]))(file.path), layout: file.layout }] : [])),
  ]
  for (const { name, type } of found) {
    const known = former?.columns.find(({ sourceName }) => sourceName === name)
    const merged = known ? mergeTypes(known.type, type) : type
    for (const { path, layout } of files) {
      const column = layout.columns.find(({ source }) => source === name)
      const check = column && exactSql(quoteIdentifier(column.name), column.type, merged)
      if (!check) continue
      const [row] = await engine.rows(`SELECT count(*) FROM (SELECT 1 FROM read_parquet(${quotePath(await path())}) WHERE NOT (${check}) LIMIT 1)`)
      if (Number(row?.[0]) === 0) continue
      inexact.add(name)
      break
    }
  }
  return inexact
}
