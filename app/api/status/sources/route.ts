import { loadSources } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** Every source, for a viewer without the stream. */
export const GET = signedInRoute(async (_request, viewer) => Response.json(await loadSources(viewer)), { isWarehouse: true })
