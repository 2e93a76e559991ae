import type { AsOf } from '@/lib/core/as-of'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { holdVersions, listVersionTimes, type VersionTime } from '@/lib/db/table-versions'

export interface Named {
  schemaId: string
  name: string
  dottedName: string
}

/** A clock that is a little ahead of ours means now. */
const AHEAD_MS = 5 * 60_000

/**
 * Which version of each table to read, by the ids of their schemas. An older one is held, so that nobody forgets it before it is read. Throws `not_found` for a version
 * that is not kept and for a time before the oldest one, with what there is; `isListing` leaves such a table out.
 */
export async function resolveAsOf(workspaceId: string, tables: Named[], asOf: AsOf, isListing = false): Promise<Map<string, VersionTime>> {
  refuseTheFuture(asOf)
  const kept = new Map<string, VersionTime[]>(tables.map(({ schemaId }) => [schemaId, []]))
  for (const version of await listVersionTimes(workspaceId, [...kept.keys()])) kept.get(version.schemaId)?.push(version)
  const found = new Map<string, VersionTime>()
  for (const table of tables) {
    const version = versionOf(table, kept.get(table.schemaId) ?? [], asOf)
    if (version) found.set(table.schemaId, version)
    else if (!isListing) throw notKept(table, kept.get(table.schemaId) ?? [], asOf)
  }
  return isListing ? found : held(workspaceId, tables, found)
}

/** Every table that a version is asked of must be there, whether the query reads it or not: a mistyped name must not pass. */
export function refuseUnknownTables(tables: Named[], { versions }: AsOf): void {
  for (const { table } of versions) {
    if (!tables.some((one) => isNamed(one, table))) throw new AppError('not_found', { title: `There is no table named ${table}`, detail: 'A version was asked of it', advice: 'Use the name of a synced table, as in orders@12' })
  }
}

function refuseTheFuture({ time }: AsOf): void {
  if (time !== null && Date.parse(time) > Date.now() + AHEAD_MS) throw new AppError('invalid', { title: 'This time has not come yet', detail: time, advice: 'Choose a time in the past' })
}

function isNamed(table: Named, name: string): boolean {
  const wanted = name.toLowerCase()
  return table.name.toLowerCase() === wanted || table.dottedName.toLowerCase() === wanted
}

function versionOf(table: Named, kept: VersionTime[], { time, versions }: AsOf): VersionTime | undefined {
  const wanted = versions.find((one) => isNamed(table, one.table))
  if (wanted) return kept.find(({ number }) => number === wanted.version)
  if (time === null) return kept.find(({ isCurrent }) => isCurrent)
  return kept.findLast(({ createdAt }) => createdAt.getTime() <= Date.parse(time))
}

async function held(workspaceId: string, tables: Named[], found: Map<string, VersionTime>): Promise<Map<string, VersionTime>> {
  const older = [...found.values()].filter(({ isCurrent }) => !isCurrent)
  if (!older.length) return found
  const there = new Set((await holdVersions(workspaceId, older, limits.heldVersionMinutes)).map(({ schemaId }) => schemaId))
  const gone = older.find(({ schemaId }) => !there.has(schemaId))
  if (gone) throw new AppError('not_found', { title: `Version ${gone.number} of ${tables.find(({ schemaId }) => schemaId === gone.schemaId)?.name} is not kept any more`, detail: 'It was past its retention and has just been forgotten', advice: 'Choose a newer version or a later time' })
  return found
}

function notKept(table: Named, kept: VersionTime[], { time, versions }: AsOf): AppError {
  const oldest = kept[0]
  const wanted = versions.find((one) => isNamed(table, one.table))
  const words = oldest ? `The oldest version that is kept is ${oldest.number}, of ${momentWords(oldest.createdAt)}` : 'None of its versions is kept'
  if (wanted) return new AppError('not_found', { title: `${table.name} has no version ${wanted.version}`, detail: `${words}${oldest ? `; the newest is ${kept.at(-1)?.number}` : ''}`, advice: `List its versions: tributary versions ${table.name}` })
  const isFirst = oldest?.number === 1
  return new AppError('not_found', {
    title: isFirst ? `${table.name} was not there yet at ${momentWords(time)}` : `${table.name} is not kept as of ${momentWords(time)}`,
    detail: words,
    advice: isFirst ? 'Choose a later time' : 'Choose a later time; how long versions are kept is set on the page of the table',
  })
}

/** In UTC, as query results are. */
function momentWords(time: Date | string | null): string {
  return `${new Date(time ?? 0).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
