import { loadSourceView } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** One source, for a viewer without the stream. */
export const GET = signedInRoute<{ sourceId: string }>(async (_request, viewer, params) => Response.json(await loadSourceView(viewer, params.sourceId)), { isWarehouse: true })
