import { AppError } from '@/lib/core/errors'
import { cloudOfHost, type Cloud } from './cloud-hosts'
import { keyPattern, type KeyPattern } from './key-pattern'

/** Where the files of a table are. */
export interface FilesAddress extends KeyPattern {
  /** Whose address it is. `s3://` alone tells nothing: whatever speaks S3 is written like that, so that it is `any-s3`. */
  cloud: Cloud | 'any-s3'
  bucket: string
  /** Of an https address: `https://host:port` where the buckets are, without the bucket's name. */
  endpoint: string | null
  region: string | null
  /** The account in the host's name, of Azure and R2. */
  account: string | null
}

const SCHEMES: Record<string, FilesAddress['cloud']> = { s3: 'any-s3', s3a: 'any-s3', s3n: 'any-s3', r2: 'r2', gs: 'gcs', gcs: 'gcs', az: 'azure', azure: 'azure' }

/** Of Hadoop, where the account is in the address: `abfss://container@account.dfs.core.windows.net/path`. */
const HADOOP = new Set(['abfs', 'abfss', 'wasb', 'wasbs'])

/**
 * An address with wildcards, as people write it: `s3://bucket/orders/*.csv`, or https with the bucket in the path or before the host. In https addresses
 * %20 is a space, %2A a star that is no wildcard; in the others everything but `*` stands for itself. An address that ends in a slash
 * means everything beneath. Throws AppError `invalid`.
 * @param own the configured endpoint, for stores that are no known cloud
 */
export function parseFilesPattern(text: string, own?: string): FilesAddress {
  const [, scheme = '', host = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(?:\/([^]*))?$/i.exec(text.trim()) ?? []
  const kind = scheme.toLowerCase()
  if (!scheme) throw invalid('This is no address', `“${shortened(text)}” begins with no https:// and no s3://`, 'Write the whole address, such as s3://bucket/folder/*.csv')
  if (kind === 'https' || kind === 'http') return webAddress(text.trim(), kind, host, rest, own)
  if (HADOOP.has(kind)) return hadoopAddress(kind, host, rest)
  const cloud = SCHEMES[kind]
  if (!cloud) throw invalid('This kind of address is not known', `It begins with ${kind}://`, 'Write it with https:// or s3://, such as s3://bucket/folder/*.csv')
  return { cloud, bucket: checkedBucket(host), endpoint: null, region: null, account: null, ...keysOf(rest, (part) => part) }
}

function webAddress(text: string, scheme: string, host: string, rest: string, own: string | undefined): FilesAddress {
  const origin = `${scheme}://${host}`
  if (host.includes('@')) throw invalid('The address holds a user name', 'What stands before @ is not used', 'Enter the address alone; the key has fields of its own')
  if (!URL.canParse(origin)) throw invalid('This is no address', `“${shortened(host)}” is no host`, 'Copy the address again')
  const known = cloudOfHost(new URL(origin).hostname)
  if (/[?#]/.test(text)) throw invalid('The address holds a ? or a #', 'What follows them is no part of a file’s name in an https address', 'Enter the address without it; write %3F and %23 for a name that holds them')
  if (own && !known) {
    const ours = ownAddress(origin, rest, own)
    if (ours) return ours
  }
  const endpoint = known ? `${scheme}://${known.host}${new URL(origin).port && `:${new URL(origin).port}`}` : origin
  const [bucket, keys] = known?.bucket ? [known.bucket, rest] : bucketFirst(rest)
  return { cloud: known?.cloud ?? 'own', endpoint, region: known?.region ?? null, account: known?.account ?? null, bucket: checkedBucket(decoded(bucket)), ...keysOf(keys, decoded) }
}

/** At the configured endpoint, which may have a path of its own, or a name before its host that is the bucket's. */
function ownAddress(origin: string, rest: string, own: string): FilesAddress | null {
  if (!URL.canParse(own)) return null
  const base = new URL(own)
  const at = { cloud: 'own' as const, endpoint: own, region: null, account: null }
  const given = new URL(origin)
  if (given.host.endsWith(`.${base.host}`)) return { ...at, bucket: checkedBucket(given.host.slice(0, -base.host.length - 1)), ...keysOf(rest, decoded) }
  const path = base.pathname.replace(/^\/|\/$/g, '')
  if (given.host !== base.host || !(path === '' || rest.startsWith(`${path}/`))) return null
  const [bucket, keys] = bucketFirst(path === '' ? rest : rest.slice(path.length + 1))
  return { ...at, bucket: checkedBucket(decoded(bucket)), ...keysOf(keys, decoded) }
}

function hadoopAddress(scheme: string, authority: string, rest: string): FilesAddress {
  const [container = '', host = ''] = authority.split('@')
  const known = cloudOfHost(host.toLowerCase())
  if (known?.cloud !== 'azure') throw invalid('The account is missing', `${scheme}:// names it behind the container`, `Write ${scheme}://container@account.dfs.core.windows.net/folder/*.csv, or az://container/folder/*.csv`)
  return { cloud: 'azure', endpoint: `https://${known.host}`, region: null, account: known.account ?? null, bucket: checkedBucket(container), ...keysOf(rest, (part) => part) }
}

function bucketFirst(rest: string): [string, string] {
  const at = rest.indexOf('/')
  return at < 0 ? [rest, ''] : [rest.slice(0, at), rest.slice(at + 1)]
}

/** The name is put into a host name or a path: nothing in it may mean something there. */
function checkedBucket(name: string): string {
  if (name.includes('*')) throw invalid('The bucket has a wildcard', `“${shortened(name)}” holds a *`, 'Name one bucket; wildcards are for what is in it')
  if (name === '') throw invalid('The address names no bucket', 'Nothing stands where its name belongs', 'Write the bucket’s name first, such as s3://bucket/folder/*.csv')
  if (!/^[a-z0-9_$][a-z0-9._$-]{0,254}$/i.test(name) || name.includes('..')) throw invalid('The bucket’s name is none', `“${shortened(name)}” cannot be the name of a bucket`, 'Copy the name again')
  return name
}

/** @param decode what a literal text of the address stands for */
function keysOf(text: string, decode: (text: string) => string): KeyPattern {
  const whole = text === '' || text.endsWith('/') ? `${text}**` : text
  const wildcards = [...whole.matchAll(/\*+/g)].map(([stars]) => (stars.length === 1 ? '*' : '**'))
  return keyPattern(whole.split(/\*+/).map(decode), wildcards)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new AppError('invalid', { title: 'The address has a % that stands for nothing', detail: `In “${shortened(text)}”`, advice: 'Write %25 for a percent sign in an https address' }, { cause })
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function invalid(title: string, detail: string, advice: string): AppError {
  return new AppError('invalid', { title, detail, advice })
}
