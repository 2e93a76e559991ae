import { AppError } from '@/lib/core/errors'
import { otherCloud } from '../objects/other-cloud'
import { parseFilesPattern, type FilesAddress } from '../objects/pattern'
import type { S3Store } from '../objects/s3/s3-store'
import { endpointOf, type R2Config } from './config'

export const R2_EXAMPLE = 's3://bucket/folder/*.parquet'

/** Where the files are, which must be in the source's own account. Throws AppError `invalid`. */
export function addressOf(config: R2Config, pattern: string): FilesAddress {
  const endpoint = endpointOf(config)
  const address = parseFilesPattern(pattern, endpoint)
  if (address.cloud === 'any-s3') return address
  if (address.cloud === 'r2' && (address.endpoint === null || address.endpoint === endpoint)) return address
  if (address.cloud === 'r2') {
    throw new AppError('invalid', {
      title: 'These files are in another account or jurisdiction',
      detail: `The address is at ${address.endpoint}, and this source is at ${endpoint}`,
      advice: `Enter an address such as ${R2_EXAMPLE}, or link the other account as a source of its own`,
    })
  }
  if (address.cloud === 'own' && address.endpoint === endpoint) return address
  throw otherCloud(address, R2_EXAMPLE)
}

export function storeOf(config: R2Config): S3Store {
  const right = 'Make an API token with Object Read only for this bucket, under R2, Manage API tokens'
  return {
    service: 'Cloudflare R2',
    scheme: 's3',
    accessKeyId: config.access_key_id,
    secretAccessKey: config.secret_access_key,
    region: 'auto',
    endpointOf: () => endpointOf(config),
    isVirtualHosted: false,
    acceptEncoding: 'identity',
    words: {
      keys: 'Copy the Access Key ID and the Secret Access Key of an API token of R2, not the token itself; make a new one if in doubt',
      list: (bucket) => ({ title: `The token may not list the files of ${bucket}`, detail: 'It is for other buckets, or for other rights', advice: right }),
      read: (bucket) => ({ title: `The token may not read the files of ${bucket}`, detail: 'It is for other buckets, or for other rights', advice: right }),
      status: 'Try again; if it stays, look at https://www.cloudflarestatus.com',
    },
  }
}
