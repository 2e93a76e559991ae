import { loadFilesPreview } from '@/lib/sources/files-loaders'
import { signedInRoute } from '@/lib/workspace/signed-in-route'
import { ndjsonResponse } from '../../link/ndjson-response'

const TIMEOUT_MS = 120_000

/** Check where a table's files are and look at the first of them: one JSON line per step, then the preview. Whoever leaves ends it. */
export const POST = signedInRoute(async (request, viewer) => {
  const body: unknown = await request.json().catch(() => null)
  const left = new AbortController()
  const signal = AbortSignal.any([request.signal, left.signal, AbortSignal.timeout(TIMEOUT_MS)])
  return ndjsonResponse(loadFilesPreview(viewer, body, signal), () => left.abort())
}, { isWarehouse: true })
