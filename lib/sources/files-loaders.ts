import { AppError } from '@/lib/core/errors'
import type { Viewer } from '@/lib/workspace/schema'
import { checkFilesConfig } from './files/check-files-config'
import { FilesPreviewRequest, type FilesPreviewLine } from './files-schema'
import { fullConfig } from './link-loaders'

/** Check where a table's files are and look at the first of them, a line at a time. Throws `invalid` with the fields that are wrong. */
export async function* loadFilesPreview(viewer: Viewer, body: unknown, signal: AbortSignal): AsyncGenerator<FilesPreviewLine> {
  const request = readRequest(body)
  yield* checkFilesConfig(request.connector, await fullConfig(viewer, request), request, signal)
}

function readRequest(body: unknown): FilesPreviewRequest {
  const read = FilesPreviewRequest.safeParse(body)
  if (read.success) return read.data
  const fields: Record<string, string> = {}
  for (const issue of read.error.issues) fields[issue.path.join('.')] ??= issue.message
  const [first] = read.error.issues
  throw new AppError('invalid', { title: 'Some values cannot be used', detail: first && [first.path.join('.'), first.message].filter(Boolean).join(': '), advice: 'Correct them and check again' }, { fields })
}
