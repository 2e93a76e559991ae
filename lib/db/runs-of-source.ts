import { prisma } from './client'

/** How many runs of this run's source are on, itself among them. */
export async function countRunsOfSource({ workspaceId, runId }: { workspaceId: string; runId: string }): Promise<number> {
  const run = await prisma().syncRun.findFirst({ where: { id: runId, workspaceId }, select: { sourceId: true } })
  return run ? prisma().syncRun.count({ where: { workspaceId, sourceId: run.sourceId, status: 'running' } }) : 1
}
