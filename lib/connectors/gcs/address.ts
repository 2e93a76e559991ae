import { otherCloud } from '../objects/other-cloud'
import { parseFilesPattern, type FilesAddress } from '../objects/pattern'
import type { GcsConfig } from './config'

export const GCS_EXAMPLE = 'gs://bucket/folder/*.parquet'

/** Where the files are. The credentials go to Google, or to the configured address, and nowhere else. Throws AppError `invalid`. */
export function addressOf({ endpoint }: GcsConfig, pattern: string): FilesAddress {
  const address = parseFilesPattern(pattern, endpoint)
  if (address.cloud === 'gcs' || (address.cloud === 'own' && address.endpoint === endpoint)) return address
  throw otherCloud(address, GCS_EXAMPLE)
}
