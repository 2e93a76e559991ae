'use server'

import { revalidatePath } from 'next/cache'
import { logger } from '@/lib/core/logger'
import { startDueSyncs } from '@/lib/syncs/start-due-syncs'
import { signedInAction } from '@/lib/workspace/signed-in-action'
import { linkSource } from './link-source'
import { LinkSourceInput } from './schema'

/** Link a source and start its first import. A taken name or prefix, and a value that cannot be, answer with `fields`. */
export const linkSourceAction = signedInAction(LinkSourceInput, async (input, viewer) => {
  const linked = await linkSource(viewer.workspaceId, input)
  // Its schemas are due: started here, nobody waits for the scheduler's next look. Should this fail, that one starts them.
  await startDueSyncs().catch((error: unknown) => logger('link').warn({ err: error }, 'the first import waits for the scheduler'))
  revalidatePath('/sources', 'layout')
  return { sourceId: linked.sourceId }
}, { isWarehouse: true })
