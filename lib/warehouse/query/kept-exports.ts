import { createReadStream, type ReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import type { ExportFormat } from './types'

/** How long a finished export waits to be fetched. */
const KEPT_MS = 60 * 60_000
const ID = /^[0-9a-f-]{36}$/

export interface KeptExport {
  stream: ReadStream
  bytes: number
}

/** Where a new export of this workspace is written; removes those that nobody fetched. */
export async function newExportFile(workspaceId: string, format: ExportFormat): Promise<{ id: string; file: string }> {
  const folder = folderOf(workspaceId)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await sweep(folder)
  const id = newId()
  return { id, file: path.join(folder, `${id}.${format}`) }
}

/** A finished export of this workspace, to be sent. AppError not_found when it is gone. */
export async function openKeptExport(workspaceId: string, id: string, format: ExportFormat): Promise<KeptExport> {
  const file = path.join(folderOf(workspaceId), `${checkedId(id)}.${format}`)
  const found = await stat(file).catch(() => undefined)
  if (!found) throw new AppError('not_found', { title: 'The export is not there any more', detail: 'It is kept for an hour', advice: 'Export the query again' })
  return { stream: createReadStream(file), bytes: found.size }
}

function folderOf(workspaceId: string): string {
  return path.join(dataFolder(), 'exports', checkedId(workspaceId))
}

function checkedId(id: string): string {
  if (!ID.test(id)) throw new AppError('not_found', { title: 'There is no such export' })
  return id
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name)
    const found = await stat(file).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > KEPT_MS) await rm(file, { force: true })
  }
}
