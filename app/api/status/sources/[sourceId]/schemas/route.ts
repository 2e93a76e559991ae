import { loadSchemas } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** The schemas of a source that was opened. */
export const GET = signedInRoute<{ sourceId: string }>(async (_request, viewer, params) => Response.json(await loadSchemas(viewer, params.sourceId)), { isWarehouse: true })
