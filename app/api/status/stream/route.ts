import { loadStatusStream } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

export const dynamic = 'force-dynamic'

/** Server-sent events of what changes in the workspace. */
export const GET = signedInRoute(async (request, viewer) => {
  return new Response(loadStatusStream(viewer, request.signal), {
    // no proxy on the way may collect or rewrite it
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' },
  })
}, { isWarehouse: true })
