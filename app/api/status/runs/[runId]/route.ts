import { loadRun } from '@/lib/syncs/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** One run, for a viewer without the stream. */
export const GET = signedInRoute<{ runId: string }>(async (_request, viewer, params) => Response.json(await loadRun(viewer, params.runId)), { isWarehouse: true })
