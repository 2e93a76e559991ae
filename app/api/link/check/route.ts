import { loadCheckSteps } from '@/lib/sources/link-loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'
import { ndjsonResponse } from '../ndjson-response'

/** Check a config: one JSON line per step, as it is made. Whoever leaves ends the check. */
export const POST = signedInRoute(async (request, viewer) => {
  const body: unknown = await request.json().catch(() => null)
  const left = new AbortController()
  const signal = AbortSignal.any([request.signal, left.signal])
  return ndjsonResponse(loadCheckSteps(viewer, body, signal), () => left.abort())
}, { isWarehouse: true })
