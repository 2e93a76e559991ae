import { AppError } from '@/lib/core/errors'
import type { FilesAddress } from './pattern'

const NAMES: Record<FilesAddress['cloud'], string | null> = { s3: 'Amazon S3', r2: 'Cloudflare R2', gcs: 'Google Cloud Storage', azure: 'Azure Blob', 'any-s3': 'a store that speaks S3', own: null }

/** An address of another cloud than the source's, in words. @param example how one of the source's own looks */
export function otherCloud(address: Pick<FilesAddress, 'cloud' | 'endpoint'>, example: string): AppError {
  const name = NAMES[address.cloud]
  const advice = name === null || address.cloud === 'any-s3' ? `Enter an address such as ${example}` : `Link it as a source of ${name}, or enter an address such as ${example}`
  return new AppError('invalid', { title: name === null ? 'This is the address of another store' : `This is an address of ${name}`, detail: name === null ? `It is at ${address.endpoint}, and this source is not` : undefined, advice })
}
