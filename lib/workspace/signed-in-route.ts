import { unstable_rethrow } from 'next/navigation'
import type { NextRequest } from 'next/server'
import type { ErrorCode } from '@/lib/core/errors'
import { isDatabaseAway } from '@/lib/db/database-away'
import { checkSameOrigin } from './same-origin'
import type { Viewer } from './schema'
import { SIGNED_OUT, viewerOrThrow, warehouseViewerOrThrow } from './session'
import { reportError, type GateOptions } from './signed-in-action'

const READS = new Set(['GET', 'HEAD', 'OPTIONS'])

const statuses: Partial<Record<ErrorCode, number>> = {
  not_allowed: 403,
  not_found: 404,
  invalid: 400,
  bad_config: 400,
  query: 400,
  conflict: 409,
  rate_limited: 429,
  timeout: 504,
  cancelled: 499,
  storage_full: 507,
  internal: 500,
}

type Handler<P> = (request: NextRequest, context: { params: Promise<P> }) => Promise<Response>

/**
 * A route handler behind its gate: session, and the origin of everything that may write. A failure answers
 * with `{ error: ErrorView }` and a status: 401 signed out, 403, 404, 409, 400 wrong input or query, 422 for what a source refused, 500, 503 while our
 * own database is away.
 */
export function signedInRoute<P = Record<string, string>>(handle: (request: NextRequest, viewer: Viewer, params: P) => Promise<Response>, { isWarehouse = false }: GateOptions = {}): Handler<P> {
  return async (request, context) => {
    let viewer: Viewer | undefined
    try {
      if (!READS.has(request.method)) checkSameOrigin(request.headers)
      viewer = await viewerOrThrow()
      if (isWarehouse) await warehouseViewerOrThrow()
      return await handle(request, viewer, await context.params)
    } catch (error) {
      unstable_rethrow(error)
      const view = reportError(error, 'route')
      const status = isDatabaseAway(error) ? 503 : !viewer && view.title === SIGNED_OUT ? 401 : (statuses[view.code] ?? 422)
      return Response.json({ error: view }, { status, headers: { 'cache-control': 'no-store' } })
    }
  }
}
