import { AppError } from '@/lib/core/errors'
import { otherCloud } from '../objects/other-cloud'
import { parseFilesPattern, type FilesAddress } from '../objects/pattern'
import type { S3Store } from '../objects/s3/s3-store'
import type { S3Config } from './config'

export const S3_EXAMPLE = 's3://bucket/folder/*.parquet'

/** Where the files are. A key is sent to Amazon, or to the configured address, and nowhere else. Throws AppError `invalid`. */
export function addressOf({ endpoint, region }: S3Config, pattern: string): FilesAddress {
  const address = parseFilesPattern(pattern, endpoint)
  if (address.cloud === 'any-s3') return address
  if (endpoint !== undefined) {
    if (address.cloud === 'own' && address.endpoint === endpoint) return address
    throw new AppError('invalid', { title: 'These files are in another store', detail: `This source is at ${endpoint}`, advice: `Enter an address such as ${S3_EXAMPLE}, or link the other store as a source of its own` })
  }
  if (address.cloud === 'own') throw new AppError('invalid', { title: 'This is the address of another store than Amazon’s', detail: `It is at ${address.endpoint}`, advice: 'Enter that address in the settings of the source first; the key is sent there then' })
  if (address.cloud !== 's3') throw otherCloud(address, S3_EXAMPLE)
  if (region !== undefined && address.region !== null && address.region !== region) {
    throw new AppError('invalid', { title: 'The address names another region than the source', detail: `${address.region}, and the source is set to ${region}`, advice: 'Leave the region of the source blank: each bucket says where it is' })
  }
  return address
}

/** @param address of a table; its host may name the region */
export function storeOf(config: S3Config, address?: FilesAddress): S3Store {
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey, session_token: sessionToken, region, endpoint } = config
  return {
    service: endpoint === undefined ? 'Amazon S3' : new URL(endpoint).host,
    scheme: 's3',
    accessKeyId,
    secretAccessKey,
    sessionToken,
    region: region ?? address?.region ?? (endpoint === undefined ? null : 'us-east-1'),
    endpointOf: (name) => endpoint ?? `https://s3.${name}.amazonaws.com${name.startsWith('cn-') ? '.cn' : ''}`,
    isVirtualHosted: endpoint === undefined,
    acceptEncoding: 'identity',
    words: {
      keys: endpoint === undefined ? 'Look at the access keys of the user under IAM in the AWS console; make a new one if in doubt' : 'Look at the keys of the store; make a new one if in doubt',
      list: (bucket) => ({
        title: `The key may not list the files of ${bucket}`,
        detail: 'Its policy does not allow s3:ListBucket, or the policy of the bucket denies it',
        advice: `Add this to the policy: { "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::${bucket}" }`,
      }),
      read: (bucket) => ({
        title: `The key may not read the files of ${bucket}`,
        detail: 'Its policy does not allow s3:GetObject, the files are owned by another account, or the one who reads must pay (requester pays)',
        advice: `Add this to the policy: { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::${bucket}/*" }`,
      }),
      status: endpoint === undefined ? 'Try again; if it stays, look at https://health.aws.amazon.com' : 'Try again; if it stays, look at the log of the store',
    },
  }
}
