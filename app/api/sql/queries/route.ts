import { loadSqlSidebar } from '@/lib/sql-editor/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** The saved queries and the viewer's history. */
export const GET = signedInRoute(async (_request, viewer) => Response.json(await loadSqlSidebar(viewer), { headers: { 'cache-control': 'no-store' } }), { isWarehouse: true })
