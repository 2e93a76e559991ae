import { limits } from '@/lib/core/limits'
import { listKeptPaths } from '@/lib/db/checkpoint-files'
import { listHeldPaths } from '@/lib/db/held-versions'
import { deleteOldCheckpoints, listCheckpointPaths } from '@/lib/db/read-checkpoints'
import { deleteOldVersions, listActiveRunIds, listKnownPaths, listKnownWorkspaceIds } from '@/lib/db/version-retention'
import { objectStore } from './object-store'
import type { StoredObject } from './object-store/store'
import { sweepScratch } from './scratch'

/** A query that began on a version just before it was replaced reads its files to the end. */
const GRACE_MINUTES = 60

const RUN_FILE = /^([0-9a-f-]{36})\/[0-9a-f-]{36}\/(?:data|deletes|manifest)\/([0-9a-f-]{36})-\d+-\d+\.(?:parquet|csv)(?:\.part)?$/
const AT_ONCE = 1000

export interface Swept {
  files: number
  bytes: number
}

/**
 * Remove what nobody needs: versions past their retention with their files, checkpoints that nobody came back to, files that
 * a run wrote and neither committed, nor held, nor left in a checkpoint, and temporary files. Never touches a file of a run that may
 * still commit, nor one that it did not write.
 */
export async function sweepFiles(): Promise<Swept> {
  await deleteOldCheckpoints(limits.keptCheckpointDays)
  const swept = await removeOldVersions()
  let batch: StoredObject[] = []
  for await (const object of objectStore().list()) {
    batch.push(object)
    if (batch.length < AT_ONCE) continue
    add(swept, await removeAbandoned(batch))
    batch = []
  }
  add(swept, await removeAbandoned(batch))
  await objectStore().sweep()
  await sweepScratch(new Set(await listActiveRunIds()))
  return swept
}

async function removeOldVersions(): Promise<Swept> {
  const { keptVersions, keptVersionDays } = limits
  const files = await deleteOldVersions({ keptVersions, keptVersionDays, graceMinutes: GRACE_MINUTES })
  await objectStore().remove(files.map((file) => file.path))
  return { files: files.length, bytes: files.reduce((bytes, file) => bytes + file.bytes, 0) }
}

/**
 * The order makes this safe beside a commit: the file is there first, then its run is seen to be over, then is asked whether a
 * checkpoint holds it, then whether a held version does, and only then whether a version names it. A run that is over commits no more, and a file that a later run
 * goes on from is in the checkpoint until the commit, which takes it from there into a version or a held one; and that is published from there into a version: the answer stays true.
 */
async function removeAbandoned(objects: StoredObject[]): Promise<Swept> {
  const written = objects.flatMap((object) => {
    const [, workspaceId, runId] = RUN_FILE.exec(object.key) ?? []
    return workspaceId && runId ? [{ ...object, workspaceId, runId }] : []
  })
  const active = new Set(await listActiveRunIds())
  const over = written.filter((file) => !active.has(file.runId))
  // a folder of another database's files must survive a wrong DATABASE_URL
  const ours = await listKnownWorkspaceIds([...new Set(over.map((file) => file.workspaceId))])
  const keys = over.map((file) => file.key)
  const kept = await listCheckpointPaths()
  const keptOfFiles = await listKeptPaths(keys)
  const held = await listHeldPaths(keys)
  const known = await listKnownPaths(keys)
  const isNamed = ({ key }: StoredObject) => kept.has(key) || keptOfFiles.has(key) || held.has(key) || known.has(key)
  const abandoned = over.filter((file) => ours.has(file.workspaceId) && !isNamed(file))
  await objectStore().remove(abandoned.map((file) => file.key))
  return { files: abandoned.length, bytes: abandoned.reduce((bytes, file) => bytes + file.bytes, 0) }
}

function add(total: Swept, more: Swept): void {
  total.files += more.files
  total.bytes += more.bytes
}
