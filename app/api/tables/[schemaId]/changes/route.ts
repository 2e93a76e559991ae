import { loadComparison } from '@/lib/tables/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** A page of what changed between two versions; ends the comparison when the browser no longer waits. */
export const GET = signedInRoute<{ schemaId: string }>(async (request, viewer, { schemaId }) => {
  const query = Object.fromEntries(request.nextUrl.searchParams)
  return Response.json(await loadComparison(viewer, schemaId, query, request.signal), { headers: { 'cache-control': 'no-store' } })
}, { isWarehouse: true })
