import { loadTableVersions } from '@/lib/tables/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** The kept versions of a table. */
export const GET = signedInRoute<{ schemaId: string }>(async (_request, viewer, { schemaId }) => Response.json(await loadTableVersions(viewer, schemaId), { headers: { 'cache-control': 'no-store' } }), { isWarehouse: true })
