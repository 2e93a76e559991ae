import { AppError } from '@/lib/core/errors'
import { discardHeldVersion, noteDecision } from '@/lib/db/held-versions'
import { findSchema } from '@/lib/db/schemas'
import { objectStore } from '@/lib/warehouse/object-store'
import { nextRunAfter } from './next-run-after'

/**
 * Forget versions that wait for a decision, one after the other; their tables stay, and the next sync of each reads again what the forgotten one had read. It comes a period later, so that
 * there is time to mend the source. Throws at the first that cannot be forgotten; those before it are.
 */
export async function discardHeld(workspaceId: string, held: { schemaId: string; runId: string | null }[]): Promise<void> {
  for (const { schemaId, runId: seen } of held) {
    const schema = await findSchema(workspaceId, schemaId)
    if (!schema) throw new AppError('not_found', { title: 'This schema does not exist', advice: 'Its source may have been deleted' })
    const { paths, runId } = await discardHeldVersion({ workspaceId, schemaId, runId: seen }, nextRunAfter(schema.frequency, new Date(), schemaId))
    await noteDecision(workspaceId, runId, 'discarded', null)
    await objectStore().remove(paths)
  }
}
