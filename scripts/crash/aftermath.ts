import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { filesInUse } from '@/lib/db/stored-files'
import { listActiveRuns } from '@/lib/db/runs'
import { listVersions } from '@/lib/db/versions'
import { sweepWarehouse } from '@/lib/syncs/sweep-warehouse'
import { objectStore } from '@/lib/warehouse/object-store'
import type { Room } from './room'
import type { Subject } from './subject'
import { differenceWords } from './table-model'

/** What must be so once everything is over, and is not, in words. */
export async function lookAtEnd(room: Room, subject: Subject, isGone: boolean): Promise<string[]> {
  const { workspaceId, schemaId } = subject
  const active = await listActiveRuns(workspaceId, [schemaId])
  // one that nobody could take is over with its source alone
  const runs = active.map((run) => `a run is ${run.status} for ever: attempt ${run.attempt}, ${run.error?.title ?? 'no error'}`)
  await sweepWarehouse()
  return [...runs, ...(await lookAtFiles(room, subject)), ...(isGone ? [] : await lookAtVersions(subject))]
}

async function lookAtFiles(room: Room, { history, schemaId }: Subject): Promise<string[]> {
  const named = new Set<string>()
  for await (const page of filesInUse()) for (const { path: key } of page) named.add(key)
  const stored = new Set<string>()
  for await (const { key } of objectStore().list()) stored.add(key)
  const orphans = [...stored].filter((key) => !named.has(key))
  const missing = [...named].filter((key) => key.includes(schemaId) && !stored.has(key))
  const scratch = (await readdir(path.join(room.disks.data(history.disks), 'scratch')).catch(() => [])).filter((name) => name.startsWith('run-'))
  return [
    ...orphans.map((key) => `after a sweep the file ${key} is there, and nothing names it`),
    ...missing.map((key) => `the file ${key} is missing, and a version names it`),
    ...scratch.map((name) => `after a sweep the staging folder ${name} is there, and its run is over`),
  ]
}

/** Whatever a version held when it was the current one, it holds as long as it is kept. */
async function lookAtVersions(subject: Subject): Promise<string[]> {
  const kept = new Set((await listVersions(subject.workspaceId, subject.schemaId)).map(({ number }) => number))
  const words: string[] = []
  for (const [number, table] of subject.versions) {
    if (!kept.has(number)) {
      words.push(`version ${number} is not kept any more`)
      continue
    }
    const found = await subject.read(number)
    const difference = differenceWords(found?.table ?? null, table)
    if (difference !== 'the same') words.push(`version ${number} is not as it was: ${difference}`)
  }
  return words
}
