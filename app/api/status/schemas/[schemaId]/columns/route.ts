import { loadColumnFidelity } from '@/lib/sources/loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

const TIMEOUT_MS = 30_000

/** What each column of a schema becomes, and why; with `?measured=1` also what its first rows hold. */
export const GET = signedInRoute<{ schemaId: string }>(async (request, viewer, params) => {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)])
  return Response.json(await loadColumnFidelity(viewer, params.schemaId, { isMeasured: new URL(request.url).searchParams.has('measured'), signal }), { headers: { 'cache-control': 'no-store' } })
}, { isWarehouse: true })
