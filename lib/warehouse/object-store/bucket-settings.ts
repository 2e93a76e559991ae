import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

/** The bucket of the warehouse, and how to get at it. */
export interface BucketSettings {
  /** As WAREHOUSE_URL has it. */
  url: string
  name: string
  /** In front of every key: empty, or with a slash at its end. */
  prefix: string
  /** Of a store that is not Amazon’s. */
  endpoint: string | undefined
  region: string
  /** Undefined: from the profile of this machine, or the role that it has. */
  keys: { accessKeyId: string; secretAccessKey: string; sessionToken: string | undefined } | undefined
}

/** Amazon’s first region; a bucket that is elsewhere says so, and is followed. Other stores do not care, or take it for theirs. */
const ANY_REGION = 'us-east-1'

/** `url`: s3://bucket or s3://bucket/prefix, as `env` has checked it. */
export function bucketSettings(url: string): BucketSettings {
  const [name = '', ...folders] = url.slice('s3://'.length).split('/').filter(Boolean)
  const { S3_ENDPOINT, AWS_REGION, AWS_DEFAULT_REGION } = env()
  return {
    url: ['s3:/', name, ...folders].join('/'),
    name,
    prefix: folders.map((folder) => `${folder}/`).join(''),
    endpoint: S3_ENDPOINT,
    region: AWS_REGION ?? AWS_DEFAULT_REGION ?? ANY_REGION,
    keys: keysOf(),
  }
}

function keysOf(): BucketSettings['keys'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = env()
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, sessionToken }
  if (!accessKeyId && !secretAccessKey) return undefined
  const [missing, given] = accessKeyId ? ['AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY_ID'] : ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
  throw new AppError('bad_config', { title: `The environment variable ${missing} is missing`, detail: `${given} is set, and one is of no use without the other`, advice: 'Set both, or none to use the role of this machine' })
}
