import { limits } from '../../lib/core/limits'
import { nextRunAfter } from '../../lib/syncs/next-run-after'
import type { Frequency } from '../../lib/syncs/schema'
import type { Random } from './random'
import type { VirtualDatabase } from './virtual-database'

const HOUR_MS = 3_600_000

export const periodSeconds: Record<Frequency, number> = {
  five_minutes: 300, thirty_minutes: 1_800, hour: 3_600, six_hours: 21_600, twelve_hours: 43_200, day: 86_400, week: 604_800, month: 2_592_000,
}

type Mix = [Frequency, number][]

/** What people choose, in thousandths: `usual`, or in more of a hurry, for a small world that is busy all the same. */
const mixes = {
  usual: [['five_minutes', 1], ['thirty_minutes', 10], ['hour', 50], ['six_hours', 400], ['twelve_hours', 200], ['day', 300], ['week', 30], ['month', 9]] satisfies Mix as Mix,
  hurried: [['five_minutes', 150], ['thirty_minutes', 150], ['hour', 200], ['six_hours', 200], ['twelve_hours', 100], ['day', 150], ['week', 30], ['month', 20]] satisfies Mix as Mix,
}
export type MixName = keyof typeof mixes

/** No source and no workspace is asked for more than this part of its places: more could not be served by any order. */
const FEASIBLE = 0.5

export interface SimSchema {
  id: string
  workspaceId: string
  sourceId: string
  frequency: Frequency
  /** How large its workspace is. */
  ofSize: number
  /** How long its syncs take. */
  seconds: number
  /** How often an attempt fails in a way that may pass, from 0 to 1; or for good. */
  flaky: number
  isBroken: boolean
  nextRunAt: number
}

export interface World {
  schemas: Map<string, SimSchema>
  workspaces: number
  sources: number
  /** So many places would be busy all the time. */
  load: number
}

/** Workspaces of skewed sizes: some have thousands of schemas and sources of hundreds, most have few. */
export function makeWorld(random: Random, { workspaces, meanSchemas, mix }: { workspaces: number; meanSchemas: number; mix: MixName }, start: number): World {
  const sizes = skewedSizes(random, workspaces, meanSchemas)
  const schemas = new Map<string, SimSchema>()
  let sources = 0
  let load = 0
  for (const size of sizes) {
    const workspaceId = random.uuid()
    let workspaceLeft = limits.places.perWorkspace * FEASIBLE
    for (let left = size; left > 0; ) {
      const ofSource = Math.min(left, random.next() < 0.02 ? 300 + random.below(500) : 1 + random.below(20))
      const sourceId = random.uuid()
      let sourceLeft = limits.places.perSource * FEASIBLE
      sources++
      left -= ofSource
      for (let number = 0; number < ofSource; number++) {
        const seconds = Math.min(600, Math.max(0.5, random.logNormal(8, 1.2)))
        const frequency = feasible(random.weighted(mixes[mix]), seconds, Math.min(sourceLeft, workspaceLeft))
        const own = seconds / periodSeconds[frequency]
        sourceLeft -= own
        workspaceLeft -= own
        load += own
        const id = random.uuid()
        // linked at some full hour, as if everybody did: whoever spreads nothing has a herd there
        let due = Math.floor(start / HOUR_MS - random.below(Math.max(1, periodSeconds[frequency] / 3_600))) * HOUR_MS
        while (due < start) due = nextRunAfter(frequency, new Date(due), id).getTime()
        schemas.set(id, { id, workspaceId, sourceId, frequency, ofSize: size, seconds, flaky: random.next() < 0.02 ? 0.5 : 0, isBroken: random.next() < 0.002, nextRunAt: due })
      }
    }
  }
  return { schemas, workspaces, sources, load }
}

function feasible(frequency: Frequency, seconds: number, left: number): Frequency {
  const order = mixes.usual.map(([each]) => each)
  for (const slower of order.slice(order.indexOf(frequency))) if (seconds / periodSeconds[slower] < left) return slower
  return 'month'
}

/** The first ones are huge, then it falls: all together are as many as asked for. */
function skewedSizes(random: Random, workspaces: number, mean: number): number[] {
  const raw = Array.from({ length: workspaces }, (_, rank) => (rank < workspaces / 2_000 ? 150 * mean : random.logNormal(mean * 0.5, 1)))
  const scale = (workspaces * mean) / raw.reduce((sum, size) => sum + size, 0)
  return raw.map((size) => Math.max(1, Math.round(size * scale)))
}

export async function storeWorld(database: VirtualDatabase, { schemas }: World): Promise<void> {
  // rows of the load are news for nobody
  await database.query('SET session_replication_role = replica')
  const all = [...schemas.values()]
  for (let at = 0; at < all.length; at += 5_000) {
    const part = all.slice(at, at + 5_000)
    const columns = [part.map((each) => each.id), part.map((each) => each.workspaceId), part.map((each) => each.sourceId), part.map((each) => each.frequency), part.map((each) => new Date(each.nextRunAt).toISOString())]
    const given = 'unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[]) AS given(id, workspace, source, frequency, next)'
    await database.query(`INSERT INTO "Workspace" ("id", "name") SELECT DISTINCT workspace, 'simulated' FROM ${given} ON CONFLICT DO NOTHING`, columns)
    await database.query(`INSERT INTO "Source" ("id", "workspaceId", "connector", "name", "prefix", "config", "sealedSecrets", "updatedAt") SELECT DISTINCT source, workspace, 'postgres', source::text, source::text, '{}'::jsonb, '', now() FROM ${given} ON CONFLICT DO NOTHING`, columns)
    await database.query(`INSERT INTO "SourceSchema" ("id", "workspaceId", "sourceId", "name", "location", "tableName", "enabled", "method", "keyColumns", "columnNames", "frequency", "discovered", "nextRunAt")
      SELECT id, workspace, source, id::text, '{}'::jsonb, id::text, true, 'full', '{}', '{}', frequency::"Frequency", '{}'::jsonb, next FROM ${given}`, columns)
  }
  await database.query('SET session_replication_role = origin')
  await database.query('ANALYZE')
}
