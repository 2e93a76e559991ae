import { loadHeldSample } from '@/lib/syncs/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** Some of the rows that a version which waits for a decision would remove or change. */
export const GET = signedInRoute<{ schemaId: string }>(async (_request, viewer, params) => Response.json(await loadHeldSample(viewer, params.schemaId)), { isWarehouse: true })
