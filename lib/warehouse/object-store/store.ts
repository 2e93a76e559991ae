import { AppError } from '@/lib/core/errors'

export interface StoredObject {
  key: string
  bytes: number
}

/** A file as a version names it: its key and its length. */
export interface StoredFile {
  path: string
  bytes: number
}

/** Where a file is on this machine, by its key. */
export type LocalPath = (key: string) => string

/**
 * Where immutable files live. Keys are `{workspaceId}/{schemaId}/data/{runId}-{fence}-{n}.parquet`, and `deletes` or `manifest`
 * in place of `data`. A key is written once.
 */
export interface ObjectStore {
  /** Take over a finished local file under a key; it may be moved. When it returns, the file survives a power cut. Gives its size. */
  put(key: string, localFile: string, signal?: AbortSignal): Promise<number>
  /**
   * Make files readable on this machine for as long as `folder` is there: a folder of the caller's own, on the disk of the data folder. Whoever removes it
   * lets go of them, and what sweeps the folders of dead processes does it for those.
   */
  hold(files: readonly StoredFile[], folder: string, signal?: AbortSignal): Promise<LocalPath>
  /** Every file whose key starts with the prefix. Slow and not free in a bucket: for sweeping alone. */
  list(prefix?: string): AsyncIterable<StoredObject>
  /** Remove files; one that is gone already is fine. */
  remove(keys: string[]): Promise<void>
  /** Remove what dead processes left in the store beside its files. */
  sweep(): Promise<void>
  /** Does the store answer? One cheap request, which leaves nothing behind; throws when it does not. */
  probe(signal: AbortSignal): Promise<void>
}

const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

/** A key's parts. Anything that could lead out of the store is refused, so that no caller can pass a path. */
export function checkedParts(key: string): string[] {
  const parts = key.split('/')
  if (!parts.every((part) => PART.test(part))) throw new AppError('invalid', { title: 'That is not the key of a warehouse file' })
  return parts
}

/** A disk or a bucket that is not the right one has none of the files; like all that is wrong with a store, it stops no schedule. */
export function fileGone(key: string, where: string): AppError {
  return new AppError('not_found', { title: 'A file of the warehouse is gone', detail: `${key} is not in ${where}`, advice: 'Bring it back from a backup, or sync the table again with a full read' }, { isRetryable: true })
}

export function fileDamaged(key: string, what: string): AppError {
  return new AppError('bad_file', { title: 'A file of the warehouse is damaged', detail: `${key} ${what}`, advice: 'Bring it back from a backup, or sync the table again with a full read' }, { isRetryable: true })
}
