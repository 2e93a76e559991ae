import { AppError } from '@/lib/core/errors'
import { loadFinishedExport } from '@/lib/sql-editor/loaders'
import { ExportInput } from '@/lib/sql-editor/schema'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

/** Writes the whole result into a file, which is then fetched from /api/sql/export/{id}.{format}. */
export const POST = signedInRoute(async (request, viewer) => {
  const input = ExportInput.safeParse(await request.json().catch(() => undefined))
  if (!input.success) throw new AppError('invalid', { title: input.error.issues[0]?.message ?? 'The query cannot be exported' })
  const answer = await loadFinishedExport(viewer, input.data, request.signal)
  return Response.json(answer, { status: 'error' in answer ? 400 : 200, headers: { 'cache-control': 'no-store' } })
}, { isWarehouse: true })
