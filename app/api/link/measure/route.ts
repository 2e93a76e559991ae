import { loadMeasured } from '@/lib/sources/link-loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

const TIMEOUT_MS = 30_000

/** What the first rows of a table hold, before it is synced. */
export const POST = signedInRoute(async (request, viewer) => {
  const body: unknown = await request.json().catch(() => null)
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)])
  return Response.json(await loadMeasured(viewer, body, signal), { headers: { 'cache-control': 'no-store' } })
}, { isWarehouse: true })
