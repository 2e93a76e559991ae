import { loadDiscovery } from '@/lib/sources/link-loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

const TIMEOUT_MS = 120_000

/** What a source with this config offers. */
export const POST = signedInRoute(async (request, viewer) => {
  const body: unknown = await request.json().catch(() => null)
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)])
  return Response.json(await loadDiscovery(viewer, body, signal), { headers: { 'cache-control': 'no-store' } })
}, { isWarehouse: true })
