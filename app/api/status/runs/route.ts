import { loadRuns } from '@/lib/syncs/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** A page of a source's runs: `?sourceId=&schemaId=&status=&cursor=`. */
export const GET = signedInRoute(async (request, viewer) => {
  const given = Object.fromEntries(new URL(request.url).searchParams)
  return Response.json(await loadRuns(viewer, given))
}, { isWarehouse: true })
