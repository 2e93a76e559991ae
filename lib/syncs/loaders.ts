import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import type { HeldSample } from '@/lib/core/held-difference'
import { findHeldSample } from '@/lib/db/held-versions'
import { findRunViews, listLogViews, listRunViews } from '@/lib/db/run-views'
import type { Viewer } from '@/lib/workspace/schema'
import { toRunView } from './run-view'
import { RunStatus, type LogPage, type RunPage, type RunView } from './schema'

const PAGE_OF_RUNS = 50
const PAGE_OF_LOG = 1_000

export type RunQuery = Partial<Record<'sourceId' | 'schemaId' | 'status' | 'cursor', string>>

const Cursor = z.string().transform((text, context) => {
  const [at, id] = text.split('~')
  const read = z.object({ queuedAt: z.coerce.date(), id: z.uuid() }).safeParse({ queuedAt: at, id })
  if (read.success) return read.data
  context.addIssue({ code: 'custom', message: 'Not a cursor of this list' })
  return z.NEVER
})

const RunFilter = z.object({ sourceId: z.uuid(), schemaId: z.uuid().optional(), status: RunStatus.optional(), cursor: Cursor.optional() })

/** A page of the source's runs, newest first. A filter or cursor that cannot be read is `invalid`. */
export async function loadRuns(viewer: Viewer, query: RunQuery): Promise<RunPage> {
  const read = RunFilter.safeParse(query)
  if (!read.success) throw new AppError('invalid', { title: 'This list of runs cannot be shown', detail: 'Its address was changed by hand', advice: 'Open the Runs tab again' }, { cause: read.error })
  const { cursor, ...filter } = read.data
  const rows = await listRunViews(viewer.workspaceId, { ...filter, before: cursor, limit: PAGE_OF_RUNS + 1 })
  const page = rows.slice(0, PAGE_OF_RUNS)
  const last = page.at(-1)
  return { runs: page.map(toRunView), nextCursor: rows.length > PAGE_OF_RUNS && last ? `${last.queuedAt.toISOString()}~${last.id}` : null }
}

/** One run; `not_found` when the workspace has none of this id. */
export async function loadRun(viewer: Viewer, runId: string): Promise<RunView> {
  const [row] = z.uuid().safeParse(runId).success ? await findRunViews(viewer.workspaceId, [runId]) : []
  if (!row) throw new AppError('not_found', { title: 'This run does not exist', advice: 'It may have been deleted with its source' })
  return toRunView(row)
}

/** Lines of a run's log after the one of this id (`'0'` for the first), oldest first. */
export async function loadRunLog(viewer: Viewer, runId: string, after: string): Promise<LogPage> {
  if (!/^\d{1,18}$/.test(after)) throw new AppError('invalid', { title: 'The log cannot be shown from here', detail: 'after must be the id of a line' })
  const rows = z.uuid().safeParse(runId).success ? await listLogViews(viewer.workspaceId, runId, BigInt(after), PAGE_OF_LOG + 1) : []
  const lines = rows.slice(0, PAGE_OF_LOG).map((line) => ({ ...line, id: String(line.id), at: line.at.toISOString() }))
  return { lines, hasMore: rows.length > PAGE_OF_LOG }
}

/** Some of the rows that a version which waits for a decision would remove or change; null where none could be named, or the workspace has no such schema. */
export async function loadHeldSample(viewer: Viewer, schemaId: string): Promise<HeldSample | null> {
  return z.uuid().safeParse(schemaId).success ? findHeldSample(viewer.workspaceId, schemaId) : null
}
