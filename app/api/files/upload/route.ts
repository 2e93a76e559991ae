import { loadSourceUploads } from '@/lib/sources/upload-loaders'
import { startUpload } from '@/lib/sources/upload-stream'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

const headers = { 'cache-control': 'no-store' }

/** The uploaded files of a source. */
export const GET = signedInRoute(async (request, viewer) => Response.json(await loadSourceUploads(viewer, request.nextUrl.searchParams.get('sourceId')), { headers }), { isWarehouse: true })

/** Make room for a file; its bytes are then sent to the address of the upload, in parts. */
export const POST = signedInRoute(async (request, viewer) => Response.json(await startUpload(viewer, await request.json().catch(() => null)), { headers }), { isWarehouse: true })
