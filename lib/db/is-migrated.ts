import { z } from 'zod'
import { migrationNames } from './migration-names'
import { probe } from './probe'

const NO_TABLE = '42P01'
const Rows = z.array(z.object({ migration_name: z.string() }))

let known: string[] | undefined

/** Has the database every migration that this program knows? Throws when it does not answer in time. */
export async function isMigrated(withinMs: number): Promise<boolean> {
  known ??= migrationNames()
  const wanted = known
  return probe(withinMs, async (client) => {
    try {
      const { rows } = await client.query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL')
      const applied = new Set(Rows.parse(rows).map((row) => row.migration_name))
      return wanted.every((name) => applied.has(name))
    } catch (error) {
      if ((error as { code?: unknown }).code === NO_TABLE) return false
      throw error
    }
  })
}
