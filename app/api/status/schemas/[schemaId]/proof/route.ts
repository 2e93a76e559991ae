import { loadProof } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** What the last comparison of a table with its source said. */
export const GET = signedInRoute<{ schemaId: string }>(async (_request, viewer, params) => Response.json(await loadProof(viewer, params.schemaId)), { isWarehouse: true })
