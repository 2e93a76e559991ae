import { cancelUpload, receiveUpload } from '@/lib/sources/upload-stream'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

// the proxy, which sets these elsewhere, stays away
const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * Bytes of a file, from `?from=`, straight to the disk. A file comes in parts of some megabytes, since a request has five minutes at most, and a slow line needs longer
 * for a large file. The proxy stays away from this address: it would hold the body in memory, and cut it.
 */
export const PUT = signedInRoute<{ upload: string }>(async (request, viewer, { upload }) => {
  const { searchParams } = request.nextUrl
  const part = { folder: searchParams.get('folder'), id: upload, from: searchParams.get('from') ?? undefined, length: request.headers.get('content-length') }
  return Response.json(await receiveUpload(viewer, part, request.body ?? nothing(), request.signal), { headers })
}, { isWarehouse: true })

/** Take an upload away, finished or not. */
export const DELETE = signedInRoute<{ upload: string }>(async (request, viewer, { upload }) => {
  await cancelUpload(viewer, { folder: request.nextUrl.searchParams.get('folder'), id: upload })
  return Response.json({}, { headers })
}, { isWarehouse: true })

async function* nothing(): AsyncGenerator<Uint8Array> {}
