import { loadSchemaSettings } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** What the settings of a schema are chosen from. */
export const GET = signedInRoute<{ schemaId: string }>(async (_request, viewer, params) => Response.json(await loadSchemaSettings(viewer, params.schemaId)), { isWarehouse: true })
