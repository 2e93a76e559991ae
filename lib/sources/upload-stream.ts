import { z } from 'zod'
import { FolderId, newFolderId, UploadId } from '@/lib/connectors/upload/folder'
import { openKept, type KeptFile } from '@/lib/connectors/upload/kept-files'
import { beginUpload, receivePart, removeUpload } from '@/lib/connectors/upload/receive'
import { AppError } from '@/lib/core/errors'
import type { FileFormat } from '@/lib/core/files-settings'
import type { Viewer } from '@/lib/workspace/schema'
import { BeginUploadInput, type BegunUploadView, type UploadPartView } from './upload-schema'
import { formatOfName, sniffFormat, SNIFFED_BYTES } from './uploads/sniff-format'
import { refuseForeignFolder } from './uploads/upload-folder'

const Place = z.object({ folder: FolderId, id: UploadId })
const Span = z.object({ from: z.coerce.number().int().min(0), length: z.coerce.number().int().min(0).nullable() })

/** Make room for a file, in a folder of the viewer's workspace. Throws AppError for what cannot be kept, before any of it is sent. */
export async function startUpload(viewer: Viewer, body: unknown): Promise<BegunUploadView> {
  const read = BeginUploadInput.safeParse(body)
  if (!read.success) throw new AppError('invalid', { title: 'The file cannot be uploaded', detail: read.error.issues[0]?.message, advice: 'Choose another file' })
  const { name, bytes } = read.data
  const folder = read.data.folder ?? newFolderId(viewer.workspaceId)
  refuseForeignFolder(viewer.workspaceId, folder)
  formatOfName(name)
  const begun = await beginUpload(folder, name, bytes)
  return { folder, id: begun.id, name: begun.name }
}

/** Take in a part of a file as it comes. @param given what the address and the headers say */
export async function receiveUpload(viewer: Viewer, given: { folder: unknown; id: unknown; from: unknown; length: unknown }, bytes: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<UploadPartView> {
  const { folder, id } = placeOf(viewer, given)
  const span = Span.safeParse(given)
  if (!span.success) throw new AppError('invalid', { title: 'It is not known where these bytes belong', advice: 'Upload the file again' })
  const { received, kept } = await receivePart({ folder, id, ...span.data, bytes }, signal)
  return { received, file: kept && { ...toFileView(kept), format: await formatOf(folder, kept) } }
}

/** Take away an upload, finished or not. */
export async function cancelUpload(viewer: Viewer, given: { folder: unknown; id: unknown }): Promise<void> {
  const { folder, id } = placeOf(viewer, given)
  await removeUpload(folder, id)
}

function placeOf(viewer: Viewer, given: { folder: unknown; id: unknown }): z.infer<typeof Place> {
  const place = Place.safeParse(given)
  if (!place.success) throw new AppError('not_found', { title: 'There is no such upload', advice: 'Upload the file again' })
  refuseForeignFolder(viewer.workspaceId, place.data.folder)
  return place.data
}

export function toFileView({ id, name, bytes, uploadedAt }: KeptFile) {
  return { id, name, bytes, uploadedAt }
}

async function formatOf(folder: string, { id, name }: KeptFile): Promise<FileFormat> {
  const handle = await openKept(folder, id)
  if (!handle) return formatOfName(name)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0)
    return sniffFormat(name, buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}
