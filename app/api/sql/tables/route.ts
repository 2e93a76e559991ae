import { loadSqlTables } from '@/lib/sql-editor/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** The tables that can be queried, with their columns. */
export const GET = signedInRoute(async (_request, viewer) => Response.json(await loadSqlTables(viewer), { headers: { 'cache-control': 'no-store' } }), { isWarehouse: true })
