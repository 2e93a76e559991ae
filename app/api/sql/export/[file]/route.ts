import { Readable } from 'node:stream'
import { AppError } from '@/lib/core/errors'
import { loadExport } from '@/lib/sql-editor/loaders'
import { ExportFormat } from '@/lib/sql-editor/schema'
import { signedInRoute } from '@/lib/workspace/signed-in-route'

const types: Record<ExportFormat, string> = { csv: 'text/csv; charset=utf-8; header=present', json: 'application/json', parquet: 'application/vnd.apache.parquet' }

/** Gives out a finished export of the viewer's workspace as a download. */
export const GET = signedInRoute<{ file: string }>(async (_request, viewer, { file }) => {
  const [id = '', ending] = file.split('.')
  const format = ExportFormat.safeParse(ending)
  if (!format.success) throw new AppError('not_found', { title: 'There is no such export' })
  const { stream, bytes } = await loadExport(viewer, id, format.data)
  const name = `query-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.${format.data}`
  // a web stream of the same bytes: the types of Node and of the browser's library differ in name only
  const body = Readable.toWeb(stream) as ReadableStream<Uint8Array>
  return new Response(body, {
    headers: { 'content-type': types[format.data], 'content-length': String(bytes), 'content-disposition': `attachment; filename="${name}"`, 'cache-control': 'private, no-store' },
  })
}, { isWarehouse: true })
