import fs from 'node:fs/promises'
import { AppError } from '@/lib/core/errors'
import type { Removal } from '@/lib/db/read-checkpoints'
import type { StageColumn } from '@/lib/warehouse/column-sql'
import type { Engine } from '@/lib/warehouse/duckdb'
import { haveSameFields, mergeTracked, type RemovalFile, type TrackedMerge, type UnfitRemovals } from '@/lib/warehouse/merge-tracked'
import type { Scratch } from '@/lib/warehouse/scratch'
import type { Cursor, VersionColumn } from '@/lib/warehouse/version'
import { widenFile } from '@/lib/warehouse/widen-file'
import type { TrackedRead } from './batch-reader'
import type { Change } from './change'
import type { Extract } from './extract'
import { findColumns, type Warning } from './plan-columns'
import type { TrackedPlan } from './plan-tracked'
import { quoted } from './rows-to-csv'
import type { StagedFile } from './stage'

/** Step 4 where a connector tracks changes: rows, removals, and fields that become columns. */
export async function mergeTrackedRows(read: Extract & { tracked: TrackedRead }, plan: TrackedPlan, engine: Engine, scratch: Scratch): Promise<Change> {
  const { former, mode, columns: planned, greatestFieldId } = read.plan
  const found = plan.isOpen ? findColumns(read.tracked.unknown, planned, greatestFieldId) : []
  const columns = withFound(planned, found)
  const files = found.length ? await widen(read.files, columns, found, engine, scratch) : read.files
  const cursor: Cursor | null = read.tracked.bookmark && { bookmark: read.tracked.bookmark }
  const replaced = former?.rows ?? 0
  const warnings = found.map(foundWarning)
  if (!plan.keys.length) {
    if (read.tracked.removals.length) throw badRemoval('The rows of the schema cannot be told apart')
    return { files, deletes: null, inserted: read.rows, updated: 0, deleted: replaced, cursor, columns, replacesFormer: true, warnings }
  }
  const base = mode === 'merge' ? former : null
  const isNothingNew = !files.length && !read.tracked.removals.length && !plan.takesMissing
  if (base && isNothingNew && haveSameFields(base.columns, columns)) return { files: [], deletes: null, inserted: 0, updated: 0, deleted: 0, cursor, columns, replacesFormer: false, warnings }
  const merge = await mergeTracked(engine, {
    former: base,
    staged: files,
    columns,
    keys: plan.keys,
    removals: await writeRemovals(read.tracked.removals, [...read.plan.read, ...found.map(asRead)], scratch),
    takesMissing: plan.takesMissing,
    localPath: await scratch.hold(base ? [...base.dataFiles, ...base.deleteFiles] : []),
    newFile: () => scratch.file('parquet'),
  })
  const { inserted, updated, deletes, formerFiles, unfit } = merge
  return { files: newFiles(files, merge), deletes, inserted, updated, deleted: base ? merge.deleted : replaced, cursor, columns, replacesFormer: !base || formerFiles !== null, warnings: [...warnings, ...unfit.map(unfitWarning)] }
}

function newFiles(files: StagedFile[], { formerFiles, whole, survivors }: TrackedMerge): StagedFile[] {
  return [...(formerFiles ?? []), ...whole.flatMap((number) => files[number] ?? []), ...(survivors ? [survivors] : [])]
}

/** Beside the other columns of the source, before the dropped ones and our own. */
function withFound(columns: VersionColumn[], found: VersionColumn[]): VersionColumn[] {
  const isSource = (column: VersionColumn) => column.sourceName !== null && column.isPresent
  return [...columns.filter(isSource), ...found, ...columns.filter((column) => !isSource(column))]
}

async function widen(files: StagedFile[], columns: VersionColumn[], found: VersionColumn[], engine: Engine, scratch: Scratch): Promise<StagedFile[]> {
  const widened: StagedFile[] = []
  for (const file of files) {
    const path = scratch.file('parquet')
    await widenFile(engine, file, { columns, found }, path)
    widened.push({ path, rows: file.rows })
    if (!file.stored) await fs.rm(file.path)
  }
  return widened
}

function foundWarning({ name, sourceName }: VersionColumn): Warning {
  const called = name === sourceName ? '' : ` named ${name}`
  return { column: sourceName, message: `A field that was not known; it is a column of JSON now${called}. Rows that were read before have none` }
}

function unfitWarning({ column, count, example }: UnfitRemovals): Warning {
  const told = count === 1 ? '1 deletion was told by a value that is' : `${count} deletions were told by values that are`
  return { column: column.sourceName, message: `${told} no ${column.type}, such as ${JSON.stringify(example.slice(0, 60))}: no row can have it, and none was removed` }
}

/** A field that became a column, as if it had been asked for as one. */
function asRead(target: VersionColumn): StageColumn {
  return { source: { name: target.sourceName ?? target.name, sourceType: target.sourceType, type: target.type, encoding: 'plain', nullable: true }, target }
}

/** One file for each set of columns that removals name. */
async function writeRemovals(removals: Removal[], columns: StageColumn[], scratch: Scratch): Promise<RemovalFile[]> {
  const groups = new Map<string, { columns: StageColumn[]; lines: string[] }>()
  for (const { match, before } of removals) {
    const names = Object.keys(match).sort()
    const group = groups.get(names.join()) ?? { columns: removalColumns(names, columns), lines: [] }
    groups.set(names.join(), group)
    group.lines.push([...names.map((name) => quoted(match[name] ?? '')), before].join(',') + '\n')
  }
  return Promise.all([...groups.values()].map(async ({ columns: named, lines }) => {
    const path = scratch.file('csv')
    await fs.writeFile(path, lines.join(''), { mode: 0o600 })
    return { columns: named, path }
  }))
}

function removalColumns(names: string[], columns: StageColumn[]): StageColumn[] {
  if (!names.length) throw badRemoval('A removal names no column')
  return names.map((name) => {
    const column = columns.find(({ source }) => source.name === name)
    if (column) return column
    throw new AppError('missing_column', { title: `The column ${name} is needed to follow deletions`, detail: 'The source tells by it which rows are gone, and it is not among the chosen columns', advice: 'Add it to the chosen columns' })
  })
}

function badRemoval(detail: string): AppError {
  return new AppError('internal', { title: 'A deletion that the connector told cannot be understood', detail, advice: 'Report this with the log of the run' })
}
