import { z } from 'zod'
import type { FileFormat } from '@/lib/core/files-settings'

/** A file that is about to be sent. Its folder is made with the first file of a source that is not linked yet. */
export const BeginUploadInput = z.object({
  folder: z.string().max(100).nullable(),
  name: z.string().min(1, 'The file has no name').max(1000, 'The name of the file is too long'),
  bytes: z.number().int().min(1, 'The file is empty'),
})
export type BeginUploadInput = z.infer<typeof BeginUploadInput>

export interface BegunUploadView {
  folder: string
  id: string
  /** As it is kept. */
  name: string
}

/** A file that arrived. */
export interface UploadedFileView {
  id: string
  name: string
  bytes: number
  uploadedAt: string
}

/** What became of a part: how many bytes of the file are here, and the file once all are. */
export interface UploadPartView {
  received: number
  file: (UploadedFileView & { format: FileFormat }) | null
}

/** What a source of uploaded files shows. */
export interface SourceUploads {
  folder: string
  files: (UploadedFileView & { /** The names of the tables that it is part of. */ tables: string[] })[]
  /** Its tables, for files that are added. */
  tables: { schemaId: string; name: string; pattern: string }[]
}

/** Files that were added to a linked source, to be part of this table. */
export const AddUploadsInput = z.object({ schemaId: z.uuid(), names: z.array(z.string().min(1).max(200)).min(1).max(1000) })
export type AddUploadsInput = z.infer<typeof AddUploadsInput>

export const RemoveUploadInput = z.object({ sourceId: z.uuid(), uploadId: z.uuid() })
export type RemoveUploadInput = z.infer<typeof RemoveUploadInput>
