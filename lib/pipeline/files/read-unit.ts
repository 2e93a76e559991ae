import type { ListedObject } from '@/lib/connectors/objects/object-access'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import type { DeltaFile } from '@/lib/warehouse/formats/delta/delta-actions'
import type { WorkItem } from '@/lib/warehouse/manifest'
import type { StagedFile } from '../stage'
import { missing } from './delta'
import { FoundColumns } from './found-columns'
import { inItsState } from './in-its-state'
import { addressOf, listedOf, type ReadContext } from './read-context'
import { fetchGroup, stageMembers, type SmallObject } from './read-group'
import { readDelta } from './read-delta'
import type { ReadObject } from './read-object'
import { readParquet } from './read-parquet'
import { readText } from './read-text'
import { readWorkbook } from './read-workbook'
import type { ObjectResult } from './results'
import type { GroupMember } from './stage-group'
import type { Unit } from './units'

/** What became of a unit. */
export interface UnitOutcome {
  objects: ObjectResult[]
  files: StagedFile[]
  /** Objects whose bytes turned out to be those of the former version. */
  unchanged: number
}

/** Reads the objects of a unit, each in one state from its first byte to its last. */
export async function readUnit(context: ReadContext, unit: Unit): Promise<UnitOutcome> {
  return unit.kind === 'object' ? readOne(context, unit.item) : readGroup(context, unit.items)
}

async function readOne(context: ReadContext, item: WorkItem): Promise<UnitOutcome> {
  try {
    const inDelta = context.delta?.files.get(item.key)
    const found = new FoundColumns()
    const read = await inItsState(context.access, inDelta?.object ?? listedOf(item), context.signal, (object) => readWhole({ ...context, found }, object, inDelta?.entry))
    if (!read && inDelta) throw missing(addressOf(context, item.key))
    if (!read) return { objects: [gone(context, item)], files: [], unchanged: 0 }
    if (read.digest !== null && read.digest === item.formerDigest) return { objects: [], files: [], unchanged: 1 }
    // the log of a Delta table tells states apart, not the store
    return { objects: [good(context, item, inDelta ? { ...read, object: listedOf(item) } : read, found)], files: read.files, unchanged: 0 }
  } catch (error) {
    return { objects: [setAside(context, item, error)], files: [], unchanged: 0 }
  }
}

function readWhole(context: ReadContext, object: ListedObject, entry: DeltaFile | undefined): Promise<ReadObject> {
  if (context.delta && entry) return readDelta(context, context.delta, entry, object)
  switch (context.job.settings.format) {
    case 'parquet':
      return readParquet(context, object)
    case 'excel':
      return readWorkbook(context, object)
    default:
      return readText(context, object)
  }
}

async function readGroup(context: ReadContext, items: WorkItem[]): Promise<UnitOutcome> {
  const fetched: SmallObject[] = []
  try {
    return await readMembers(context, items, fetched)
  } finally {
    await Promise.all(fetched.map((small) => small.release()))
  }
}

async function readMembers(context: ReadContext, items: WorkItem[], fetched: SmallObject[]): Promise<UnitOutcome> {
  const outcome: UnitOutcome = { objects: [], files: [], unchanged: 0 }
  const include = ({ objects, files, unchanged }: UnitOutcome) => {
    outcome.objects.push(...objects)
    outcome.files.push(...files)
    outcome.unchanged += unchanged
  }
  const members = new Map<GroupMember, { item: WorkItem; object: ListedObject; digest: string | null }>()
  const alone: WorkItem[] = []
  for await (const small of fetchGroup(context, items, (item, error) => outcome.objects.push(setAside(context, item, error)))) {
    if (small.object === null) {
      outcome.objects.push(gone(context, small.item))
      continue
    }
    fetched.push(small)
    if (small.member === 'alone') alone.push(small.item)
    else if (small.digest !== null && small.digest === small.item.formerDigest) outcome.unchanged++
    else members.set(small.member, small)
  }
  for (const item of alone) include(await readOne(context, item))
  const ofMember = (member: GroupMember) => {
    const small = members.get(member)
    if (!small) throw new Error('a member of a group without its object')
    return small
  }
  const inOrder = [...members].sort(([, a], [, b]) => (a.item.key < b.item.key ? -1 : 1)).map(([member]) => member)
  const files = await stageMembers(context, inOrder, (member, rows) => {
    const { item, object, digest } = ofMember(member)
    const found = new FoundColumns()
    found.add(member.columns.map((column) => ({ ...column, type: column.as })), member.address)
    found.addNotes(member.piece.inspection.notes, member.address)
    outcome.objects.push(good(context, item, { object, rows, digest }, found))
  }, async (member) => include(await readOne(context, ofMember(member).item)))
  outcome.files.push(...files)
  return outcome
}

function good(context: ReadContext, { isNew }: WorkItem, { object, rows, digest }: Pick<ReadObject, 'object' | 'rows' | 'digest'>, { findings }: FoundColumns): ObjectResult {
  return { ...object, digest, rows, problem: null, isNew, address: addressOf(context, object.key), findings }
}

function gone(context: ReadContext, item: WorkItem): ObjectResult {
  return { ...listedOf(item), digest: null, rows: -1, problem: null, isNew: item.isNew, address: addressOf(context, item.key) }
}

/** A broken file is left out where the table's settings say so; every other failure ends the run. */
function setAside(context: ReadContext, item: WorkItem, error: unknown): ObjectResult {
  context.signal.throwIfAborted()
  if (!(error instanceof FileProblem) || context.job.settings.broken === 'fail') throw error
  const { code, title, detail, advice, isRetryable } = error
  const problem = { code, title, ...(detail ? { detail } : {}), ...(advice ? { advice } : {}), isRetryable }
  context.job.log('warn', `Set aside: ${title}${detail ? `. ${detail}` : ''}`)
  return { ...listedOf(item), digest: null, rows: 0, problem: JSON.stringify(problem), isNew: item.isNew, address: addressOf(context, item.key), setAside: problem }
}
