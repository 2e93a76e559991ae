import { AppError } from '@/lib/core/errors'
import { loadQueryResult } from '@/lib/sql-editor/loaders'
import { RunQueryInput } from '@/lib/sql-editor/schema'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** Runs a query; ends it when the browser no longer waits. */
export const POST = signedInRoute(async (request, viewer) => {
  const input = RunQueryInput.safeParse(await request.json().catch(() => undefined))
  if (!input.success) throw new AppError('invalid', { title: input.error.issues[0]?.message ?? 'The query cannot be used' })
  const answer = await loadQueryResult(viewer, input.data, request.signal)
  return Response.json(answer, { status: 'error' in answer ? 400 : 200, headers: { 'cache-control': 'no-store' } })
}, { isWarehouse: true })
