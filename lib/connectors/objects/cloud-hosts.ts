import { AppError } from '@/lib/core/errors'

/** `own`: a store at an address of its own: MinIO, Ceph, Backblaze. */
export type Cloud = 's3' | 'r2' | 'gcs' | 'azure' | 'own'

export interface CloudHost {
  cloud: Cloud
  /** Without the bucket's name. */
  host: string
  /** When it stands before the host; else it is the first part of the path. */
  bucket?: string
  region?: string
  account?: string
}

/** The bucket before the host, or nothing; its name may hold dots. */
const BUCKET = '(?:(?<bucket>.+)\\.)?'

const HOSTS: { cloud: Cloud; host: RegExp }[] = [
  { cloud: 's3', host: new RegExp(`^${BUCKET}(?<host>s3(?:-fips|-accelerate)?(?:\\.dualstack)?(?:[.-](?<region>[a-z]{2,4}(?:-[a-z]+)+-\\d))?\\.amazonaws\\.com(?:\\.cn)?)$`) },
  { cloud: 'gcs', host: new RegExp(`^${BUCKET}(?<host>storage\\.googleapis\\.com|storage\\.cloud\\.google\\.com)$`) },
  { cloud: 'r2', host: new RegExp(`^${BUCKET}(?<host>(?<account>[0-9a-f]{32})(?:\\.(?:eu|us|fedramp))?\\.r2\\.cloudflarestorage\\.com)$`) },
  { cloud: 'azure', host: /^(?<host>(?<account>[a-z0-9]+)(?:-secondary)?(?:\.z\d+)?\.(?:blob|dfs)\.(?:core\.windows\.net|core\.chinacloudapi\.cn|core\.usgovcloudapi\.net|storage\.azure\.net))$/ },
]

/** Pages that show a bucket, and what is at their place instead. */
const PAGES: { host: RegExp; what: string; advice: string }[] = [
  { host: /(^|\.)console\.(aws\.amazon|amazonaws)\.(com|cn)$|(^|\.)signin\.aws\.amazon\.com$/, what: 'the AWS console', advice: 'Copy the bucket’s name from it and write s3://bucket/folder/*.csv' },
  { host: /^console\.cloud\.google\.com$/, what: 'the Google Cloud console', advice: 'Copy the bucket’s name from it and write gs://bucket/folder/*.csv' },
  { host: /^dash\.cloudflare\.com$/, what: 'the Cloudflare dashboard', advice: 'Write s3://bucket/folder/*.csv' },
  { host: /^portal\.azure\.com$/, what: 'the Azure portal', advice: 'Write https://account.blob.core.windows.net/container/folder/*.csv' },
  { host: /\.s3-website[.-]/, what: 'a website of a bucket, which cannot be listed', advice: 'Write s3://bucket/folder/*.csv' },
]

/** Whose host it is; null for one that belongs to no known cloud. Throws AppError `invalid` for the page of a console. */
export function cloudOfHost(hostname: string): CloudHost | null {
  const page = PAGES.find(({ host }) => host.test(hostname))
  if (page) throw new AppError('invalid', { title: 'This is the address of a page, not of files', detail: `It is ${page.what}`, advice: page.advice })
  for (const { cloud, host } of HOSTS) {
    const found = host.exec(hostname)?.groups
    if (!found) continue
    // hosts that lead to the same store by another way: faster, for a browser that is signed in, a copy, a file system
    const name = found.host?.replace('s3-accelerate.', 's3.').replace('storage.cloud.google.com', 'storage.googleapis.com').replace('-secondary.', '.').replace('.dfs.', '.blob.') ?? hostname
    return { cloud, host: name, bucket: found.bucket, region: found.region, account: found.account }
  }
  return null
}
