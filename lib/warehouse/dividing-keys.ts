import type { Engine } from './duckdb'
import { quotePath } from './sql-text'

/** Keys of a manifest of so many objects that divide it into parts of one size, in the order of their bytes; none when it is short. */
export async function dividingKeys(engine: Engine, manifest: string, objects: number, { parts, fromObjects }: { parts: number; fromObjects: number }): Promise<string[]> {
  if (objects < fromObjects) return []
  const places = Array.from({ length: parts - 1 }, (_, index) => Math.floor((objects * (index + 1)) / parts))
  const rows = await engine.rows(`SELECT key FROM read_parquet(${quotePath(manifest)}, file_row_number = true) WHERE file_row_number IN (${places.join(', ')}) ORDER BY key`)
  return rows.map(([key]) => String(key))
}
