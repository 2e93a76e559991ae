import { sweepFiles, type Swept } from '@/lib/warehouse/sweep'
import { sweepUploads } from './sweep-uploads'

/**
 * Remove what nobody needs from the warehouse: staged files of dead runs, versions past their retention with their
 * files, and uploaded files that no source names. Safe beside running syncs and queries, and in several workers at once. Gives what was removed.
 */
export async function sweepWarehouse(): Promise<Swept> {
  const files = await sweepFiles()
  const uploads = await sweepUploads()
  return { files: files.files + uploads.files, bytes: files.bytes + uploads.bytes }
}
