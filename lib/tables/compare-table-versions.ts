import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { findSchema } from '@/lib/db/schemas'
import { holdVersions, listVersionTimes, type VersionTime } from '@/lib/db/table-versions'
import { findSnapshot } from '@/lib/db/versions'
import { compareVersions, type Difference } from '@/lib/warehouse/difference/compare-versions'
import type { TableSnapshot } from '@/lib/warehouse/version'
import { CompareInput, type ComparisonView } from './versions-schema'

/** What discovery saw of the key; a table can be compared also when the rest cannot be read any more. */
const Known = z.object({ primaryKey: z.array(z.string()).catch([]) }).catch({ primaryKey: [] })

/**
 * What changed between two kept versions of a table, row by row, a page of it: by key where rows have one, else row by row as wholes. Throws `not_found` for a version that is not kept, and QueryError.
 */
export async function compareTableVersions(workspaceId: string, input: CompareInput, signal?: AbortSignal): Promise<ComparisonView> {
  const { schemaId, from, to, kind, offset, rows, letters } = CompareInput.parse(input)
  const schema = await findSchema(workspaceId, schemaId)
  if (!schema) throw new AppError('not_found', { title: 'This table does not exist', advice: 'Its source may have been deleted' })
  const [before, after] = await heldSnapshots(workspaceId, schemaId, schema.tableName, [from, to])
  const keys = schema.keyColumns.length ? schema.keyColumns : Known.parse(schema.discovered).primaryKey
  const difference = await compareVersions({ before: before.snapshot, after: after.snapshot, keys, page: { kind, offset, rows, letters }, signal, queueKey: workspaceId })
  const told = ({ snapshot, time }: Held) => ({ version: time.number, createdAt: time.createdAt.toISOString(), rows: snapshot.rows })
  return { table: schema.tableName, from: told(before), to: told(after), ...view(difference), nextOffset: nextOffset(difference, kind, offset) }
}

interface Held {
  snapshot: TableSnapshot
  time: VersionTime
}

/** Both are held before their files are looked for, so that nobody forgets them meanwhile. */
async function heldSnapshots(workspaceId: string, schemaId: string, table: string, numbers: [number, number]): Promise<[Held, Held]> {
  await holdVersions(workspaceId, [...new Set(numbers)].map((number) => ({ schemaId, number })), limits.heldVersionMinutes)
  const times = await listVersionTimes(workspaceId, [schemaId])
  const find = async (number: number): Promise<Held> => {
    const time = times.find((version) => version.number === number)
    const snapshot = time ? await findSnapshot(workspaceId, schemaId, number) : null
    if (time && snapshot) return { snapshot, time }
    throw new AppError('not_found', { title: `${table} has no version ${number}`, detail: times.length ? `Those from ${times[0]?.number} to ${times.at(-1)?.number} are kept` : 'None of its versions is kept', advice: 'Choose one of the versions that are listed' })
  }
  return [await find(numbers[0]), await find(numbers[1])]
}

function view({ columns, inserted, updated, deleted, changes, bytesRead }: Difference) {
  const shown = columns.map(({ name, before, after, comparedAs, isKey }) => ({ name, typeBefore: before?.type ?? null, typeAfter: after?.type ?? null, isCompared: comparedAs !== null, isKey }))
  return { columns: shown, inserted, updated, deleted, changes, bytesRead }
}

function nextOffset(difference: Difference, kind: keyof Pick<Difference, 'inserted' | 'updated' | 'deleted'> | null, offset: number): number | null {
  const all = kind ? difference[kind] : difference.inserted + difference.updated + difference.deleted
  const next = offset + difference.changes.length
  return difference.changes.length && next < all ? next : null
}
