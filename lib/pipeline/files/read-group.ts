import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import type { ListedObject } from '@/lib/connectors/objects/object-access'
import { inParallel } from '@/lib/connectors/http/in-parallel'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { WorkItem } from '@/lib/warehouse/manifest'
import type { StagedFile } from '../stage'
import { compatibleGroups, stageGroup, type GroupMember } from './stage-group'
import type { ObjectResult } from './results'
import type { FetchedPiece } from './fetch/pieces-of'
import { inItsState } from './in-its-state'
import { addressOf, listedOf, type ReadContext } from './read-context'
import { readColumns } from './read-columns'
import { fetchWhole } from './fetch-whole'
import { inspectParquet } from './read-parquet'
import { textPieces } from './read-text'
import { prepared } from './stage-piece'

/** A small object on this machine, ready to be staged with others. `alone`: it turned out too long for that. */
export interface SmallObject {
  item: WorkItem
  object: ListedObject
  digest: string | null
  member: GroupMember | 'alone'
  /** Its file is needed no more. */
  release(): Promise<void>
}

export interface GroupOutcome {
  results: ObjectResult[]
  files: StagedFile[]
}

/** Fetches the objects of a group; each of them ends as a member, or as what `onFailure` makes of its failure. */
export async function* fetchGroup(context: ReadContext, items: WorkItem[], onFailure: (item: WorkItem, error: unknown) => void): AsyncGenerator<SmallObject | { item: WorkItem; object: null }> {
  const fetches = inParallel(items, limits.files.fetchesOfGroup, async (item) => {
    try {
      const small = await inItsState(context.access, listedOf(item), context.signal, (object) => fetchSmall(context, item, object))
      return small ?? { item, object: null }
    } catch (error) {
      onFailure(item, error)
      return null
    }
  }, context.signal)
  for await (const small of fetches) if (small) yield small
}

async function fetchSmall(context: ReadContext, item: WorkItem, object: ListedObject): Promise<SmallObject> {
  if (context.job.settings.format === 'parquet') {
    const { digest, ...file } = await fetchWhole(context, object, 'parquet')
    const { piece, columns } = await inspectParquet(context, file)
    return { item, object, digest, member: { address: file.address, modifiedAt: object.modifiedAt, piece, columns }, release: () => fs.rm(file.path, { force: true }) }
  }
  return fetchSmallText(context, item, object)
}

async function fetchSmallText(context: ReadContext, item: WorkItem, object: ListedObject): Promise<SmallObject> {
  const hash = object.fingerprint === null ? createHash('sha256') : null
  let first: FetchedPiece | undefined
  try {
    for await (const fetched of textPieces(context, object, (chunk) => hash?.update(chunk))) {
      if (!first) first = fetched
      else {
        // a little of gzip may be a lot of text, and an archive several
        await Promise.all([first.release(), fetched.release()])
        return { item, object, digest: null, member: 'alone', release: async () => undefined }
      }
    }
  } catch (error) {
    await first?.release()
    throw error
  }
  if (!first) throw new AppError('internal', { title: `${addressOf(context, object.key)} gave no text at all`, advice: 'Report this with the log of the run' })
  const { piece, release } = first
  context.last.like = piece.inspection
    const member = { address: addressOf(context, object.key), modifiedAt: object.modifiedAt, piece: await prepared(context.format, piece), columns: readColumns(piece.inspection, context.job.settings, context.job.columnNames) }
  return { item, object, digest: hash ? hash.digest('hex') : null, member, release }
}

/** Stages members together; when a group fails, its halves are tried, until what is to blame is alone and is handed to `onAlone`. */
export async function stageMembers(context: ReadContext, members: GroupMember[], onStaged: (member: GroupMember, rows: number) => void, onAlone: (member: GroupMember) => Promise<void>): Promise<StagedFile[]> {
  const files: StagedFile[] = []
  const pending = compatibleGroups(members.filter(({ columns }) => columns.length > 0))
  for (const member of members) if (!member.columns.length) onStaged(member, 0)
  for (let group = pending.pop(); group; group = pending.pop()) {
    const [first] = group
    if (group.length === 1 && first) {
      await onAlone(first)
      continue
    }
    const target = context.scratch.file('parquet')
    try {
      const staged = await context.pool.use(first?.address ?? '', (engine) => stageGroup(engine, context.format, group, { syncedAt: context.syncedAt, runId: context.job.runId }, target))
      group.forEach((member, index) => onStaged(member, staged.rows[index] ?? 0))
      const rows = staged.rows.reduce((total, count) => total + count, 0)
      if (rows > 0) files.push({ path: staged.path, rows, layout: staged.layout })
      else await fs.rm(staged.path, { force: true })
    } catch (error) {
      if (error instanceof AppError && ['cancelled', 'storage_full'].includes(error.code)) throw error
      context.signal.throwIfAborted()
      const middle = Math.ceil(group.length / 2)
      pending.push(group.slice(0, middle), group.slice(middle))
    }
  }
  return files
}
