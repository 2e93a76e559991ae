import { z } from 'zod'
import { prisma } from './client'

export interface FileInUse {
  /** Key in the object store. */
  path: string
  bytes: number
}

const PAGE = 1_000
const KeptFiles = z.object({ files: z.array(z.object({ path: z.string(), bytes: z.number() })) })

/** Every file that a version, a held one or a checkpoint names, of every workspace, some at a time. What begins to be used meanwhile may be missing. */
export async function* filesInUse(): AsyncGenerator<FileInUse[]> {
  yield* pages((after) => prisma().tableFile.findMany({ where: { path: { gt: after } }, select: { path: true, bytes: true }, orderBy: { path: 'asc' }, take: PAGE }))
  yield* pages((after) => prisma().heldFile.findMany({ where: { path: { gt: after } }, select: { path: true, bytes: true }, orderBy: { path: 'asc' }, take: PAGE }))
  yield* pages((after) => prisma().checkpointFile.findMany({ where: { path: { gt: after } }, select: { path: true, bytes: true }, orderBy: { path: 'asc' }, take: PAGE }))
  for (const { files } of await prisma().readCheckpoint.findMany({ select: { files: true } })) {
    // of a checkpoint in another shape nobody goes on
    const kept = KeptFiles.safeParse(files).data?.files ?? []
    if (kept.length) yield kept.map(({ path, bytes }) => ({ path, bytes }))
  }
}

async function* pages(read: (after: string) => Promise<{ path: string; bytes: bigint }[]>): AsyncGenerator<FileInUse[]> {
  for (let after = ''; ; ) {
    const page = await read(after)
    // a file that came back with an older version is there more than once
    if (page.length) yield [...new Map(page.map(({ path, bytes }) => [path, { path, bytes: Number(bytes) }])).values()]
    if (page.length < PAGE) return
    after = page.at(-1)?.path ?? ''
  }
}

/** How many runs are on in a process that lives. */
export async function countRunsAtWork(): Promise<number> {
  return prisma().syncRun.count({ where: { status: 'running', leaseExpiresAt: { gt: new Date() } } })
}
