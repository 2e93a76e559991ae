import { noteDecision, publishHeldVersion } from '@/lib/db/held-versions'

/**
 * Make versions that wait for a decision the current ones of their tables, one after the other. `runId`: of the version that was seen, so that nobody publishes another one; null for
 * whichever waits. Throws at the first that cannot be; those before it are published.
 */
export async function publishHeld(workspaceId: string, held: { schemaId: string; runId: string | null }[]): Promise<{ schemaId: string; version: number }[]> {
  const published: { schemaId: string; version: number }[] = []
  for (const { schemaId, runId: seen } of held) {
    const { version, runId } = await publishHeldVersion({ workspaceId, schemaId, runId: seen })
    await noteDecision(workspaceId, runId, 'published', version)
    published.push({ schemaId, version })
  }
  return published
}
