import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { untilEnded } from '@/lib/core/ending'
import { dataFolder } from '@/lib/core/env'
import { logger } from '@/lib/core/logger'
import { deletionVectorOf, deletionVectorSql, type DeletionVector } from '../deletion-vector-sql'
import type { TableSnapshot } from '../version'
import { linkFiles } from './link-files'
import type { ExportWork } from './messages'
import { keepsSpare, withQueryProcess } from './query-queue'
import { converse, type SandboxSource } from './converse'

const SECONDS = 60
const UNUSED_HOURS = 24
const HOUR_MS = 3_600_000

/** The ones that are being made in this program, and those that could not be, by their files. */
const making = new Map<string, Promise<void>>()
const failed = new Set<string>()

/** The path of a version's vector on this machine, where one was made; it stays for a day after its last use. */
export async function findDeletionVector(table: TableSnapshot): Promise<string | null> {
  if (!deletionVectorOf(table)) return null
  const file = fileOf(table)
  const now = new Date()
  const isThere = await fs.utimes(file, now, now).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return false
    throw error
  })
  return isThere ? file : null
}

/**
 * Have the vector of a version made for the queries after this one, which does not wait for it. Only in a program that stays: a command that
 * runs one query has no use for it.
 */
export function makeDeletionVectorLater(table: TableSnapshot): void {
  if (!keepsSpare() || !deletionVectorOf(table) || failed.has(fileOf(table))) return
  makeDeletionVector(table).catch((error: unknown) => {
    if (untilEnded(undefined).aborted) return
    failed.add(fileOf(table))
    logger('query').warn({ err: error }, `a deletion vector of ${table.tableName} could not be made: its queries take longer`)
  })
}

/**
 * Have the vector of a table's newest version made where queries used one of the table: the first query of the version finds it. That is no use of it: it goes
 * when theirs would have gone. Never throws: without it queries only take longer.
 */
export async function renewDeletionVector(schemaId: string, newest: () => Promise<TableSnapshot | null>): Promise<void> {
  try {
    const lastUse = await lastUseOf(schemaId)
    const table = lastUse && (await newest())
    if (!table || !deletionVectorOf(table)) return
    await makeDeletionVector(table)
    await fs.utimes(fileOf(table), lastUse, lastUse)
  } catch (error) {
    if (!untilEnded(undefined).aborted) logger('query').warn({ err: error }, `a deletion vector of the table of schema ${schemaId} could not be made: its next query takes longer`)
  }
}

/** When a vector of any version of a table was last used; null without one, and for one that is about to go. */
async function lastUseOf(schemaId: string): Promise<Date | null> {
  const names = await fs.readdir(vectorFolder()).catch(() => []) // there is no folder before the first vector
  const times = await Promise.all(names.filter((name) => name.startsWith(schemaId)).map((name) => fs.stat(path.join(vectorFolder(), name)).then(({ mtimeMs }) => mtimeMs, () => 0)))
  const last = Math.max(0, ...times)
  return Date.now() - last < UNUSED_HOURS * HOUR_MS ? new Date(last) : null
}

/** Make the vector of a version where it has one and it is not there yet. In a process of its own, that no SQL of people was in: later queries believe it. */
export async function makeDeletionVector(table: TableSnapshot): Promise<void> {
  const vector = deletionVectorOf(table)
  if (!vector || (await findDeletionVector(table))) return
  const file = fileOf(table)
  const mine = making.get(file) ?? make(table, vector, file).finally(() => making.delete(file))
  making.set(file, mine)
  await mine
}

async function make(table: TableSnapshot, vector: DeletionVector, file: string): Promise<void> {
  const signal = untilEnded(undefined)
  const work: ExportWork = { kind: 'export', format: 'parquet', file: 'vector.parquet', rowLimit: vector.words, guardsFormulas: false }
  await withQueryProcess('deletion-vectors', signal, async (child) => {
    const { rows } = await converse(child, sourceOf(table, vector), 'SELECT word, bits FROM deletion_vector ORDER BY word', work, SECONDS, signal, () => {})
    if (rows !== vector.words) throw new Error(`The delete files of version ${table.version} do not name as many rows as it lacks`)
    await keep(path.join(child.folder, work.file), file)
  })
  await removeUnused()
}

function sourceOf(table: TableSnapshot, vector: DeletionVector): SandboxSource {
  return {
    async prepare(_judged, folder, signal) {
      const links = await linkFiles(table.deleteFiles, 'd', folder, signal)
      return { definitions: [`CREATE VIEW main.deletion_vector AS ${deletionVectorSql(table, vector, (key) => links.get(key) ?? key)}`], allowedPaths: [...links.values()] }
    },
    tableNames: async () => [],
  }
}

/** Files never change, so that their keys say what a vector says. The name begins with the schema's id. */
function fileOf({ schemaId, dataFiles, deleteFiles }: TableSnapshot): string {
  const said = JSON.stringify([dataFiles.map(({ path: key, rows }) => [key, rows]), deleteFiles.map(({ path: key }) => key)])
  return path.join(vectorFolder(), `${schemaId}-${createHash('sha256').update(said).digest('hex')}.parquet`)
}

function vectorFolder(): string {
  return path.join(dataFolder(), 'vectors')
}

/** Under its name only once it is whole, also after a power cut. */
async function keep(written: string, file: string): Promise<void> {
  await fs.mkdir(vectorFolder(), { recursive: true, mode: 0o700 })
  const handle = await fs.open(written, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  await fs.rename(written, file)
}

async function removeUnused(): Promise<void> {
  for (const name of await fs.readdir(vectorFolder())) {
    const file = path.join(vectorFolder(), name)
    const found = await fs.stat(file).catch(() => null) // another program removed it
    if (found && Date.now() - found.mtimeMs > UNUSED_HOURS * HOUR_MS) await fs.rm(file, { force: true })
  }
}
