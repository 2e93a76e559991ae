import { randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { dataFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** The files of one source: whose they are, and a number that nobody guesses. Two UUIDs and nothing else, so that it leads to no other folder. */
export const FolderId = z.string().regex(new RegExp(`^${UUID}\\.${UUID}$`), 'This is no folder of uploaded files')
export type FolderId = z.infer<typeof FolderId>

export const UploadId = z.string().regex(new RegExp(`^${UUID}$`), 'This is no upload')

export function newFolderId(workspaceId: string): FolderId {
  return FolderId.parse(`${workspaceId}.${randomUUID()}`)
}

/** Is it a folder of this workspace? Another one's is answered like one that is not there. */
export function isOfWorkspace(folder: string, workspaceId: string): boolean {
  return FolderId.safeParse(folder).success && folder.startsWith(`${workspaceId}.`)
}

export function uploadsFolder(): string {
  return path.join(dataFolder(), 'uploads')
}

/** Where the files of a folder are. Throws AppError `not_found` for what is no id. */
export function folderPath(folder: string): string {
  const read = FolderId.safeParse(folder)
  if (!read.success) throw noSuchFolder()
  return path.join(uploadsFolder(), ...read.data.split('.'))
}

/** A folder that is there, and no link to another place. Throws AppError `not_found`. */
export async function presentFolder(folder: string): Promise<string> {
  const place = folderPath(folder)
  const found = await fs.lstat(place).catch(ifMissing)
  if (!found?.isDirectory()) throw noSuchFolder()
  return place
}

/** What is used is not swept. */
export async function touchFolder(folder: string): Promise<void> {
  const now = new Date()
  await fs.utimes(await presentFolder(folder), now, now)
}

/** Gives how much was in it. */
export async function removeFolder(folder: string): Promise<{ files: number; bytes: number }> {
  const place = folderPath(folder)
  const names = (await fs.readdir(place).catch(ifMissing)) ?? []
  const sizes = await Promise.all(names.map(async (name) => (await fs.lstat(path.join(place, name)).catch(ifMissing))?.size ?? 0))
  await fs.rm(place, { recursive: true, force: true })
  return { files: names.length, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}

export function noSuchFolder(): AppError {
  return new AppError('not_found', { title: 'The uploaded files are not here any more', detail: 'Files that make no table within a day are removed', advice: 'Upload them again' })
}

export function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
