import { loadRunLog } from '@/lib/syncs/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** The lines of a run's log after the one of `?after=`. */
export const GET = signedInRoute<{ runId: string }>(async (request, viewer, params) => {
  const after = new URL(request.url).searchParams.get('after') ?? '0'
  return Response.json(await loadRunLog(viewer, params.runId, after))
}, { isWarehouse: true })
