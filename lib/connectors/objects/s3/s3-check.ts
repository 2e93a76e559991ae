import { toErrorView } from '@/lib/core/errors'
import type { CheckStep } from '../../contract'
import { resolveAllowedAll } from '../../egress'
import { checkObjects } from '../check-objects'
import { nearMisses } from '../near-misses'
import type { FilesAddress } from '../pattern'
import { s3Code, s3Error } from './s3-error'
import { S3Objects } from './s3-objects'
import { listPages } from './s3-pages'
import { S3Session } from './s3-session'
import type { S3Store } from './s3-store'

const CHECK_SECONDS = 60

/** The address and the key, as far as they can be told without a bucket. A key that may not see the list of buckets is accepted: it should be granted less. */
export async function* checkStore(store: S3Store, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'address', label: 'Address found' }
  const session = new S3Session(store, null)
  try {
    signal.throwIfAborted()
    const addresses = await resolveAllowedAll(new URL(store.endpointOf(store.region ?? 'us-east-1')).hostname)
    yield { ...step, status: 'ok', detail: addresses.map(({ address }) => address).join(', ') }
    Object.assign(step, { id: 'sign-in', label: 'Signed in' })
    await askForBuckets(session, signal)
    yield { ...step, status: 'ok', detail: `with the key ${store.accessKeyId}` }
  } catch (error) {
    const view = toErrorView(s3Error(error, store, { bucket: '', act: 'sign in' }, signal))
    yield { ...step, status: 'failed', detail: view.title, error: view }
  } finally {
    session.close()
  }
}

async function askForBuckets(session: S3Session, signal: AbortSignal): Promise<void> {
  const [client, { ListBucketsCommand }] = await Promise.all([session.client(signal), import('@aws-sdk/client-s3')])
  try {
    await client.send(new ListBucketsCommand({}), { abortSignal: signal })
  } catch (error) {
    if (s3Code(error) !== 'AccessDenied') throw error
  }
}

/** Goes on for one table: the bucket is there, and what stands in it. */
export async function* checkStoreFiles(store: S3Store, address: FilesAddress, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'bucket', label: 'Bucket found' }
  const session = new S3Session(store, address.bucket)
  try {
    const client = await session.client(signal)
    const { names, denied } = await firstNames(session, store, address.bucket, address.prefix, signal)
    yield { ...step, status: 'ok', detail: `${address.bucket} in ${await client.config.region()}` }
    // one file can be read with a key that may not list
    if (denied && address.only === null) {
      Object.assign(step, { id: 'list', label: 'Files listed' })
      throw denied
    }
    yield* checkObjects(new S3Objects(store, address), (within) => near(session, store, address, names, within), signal)
  } catch (error) {
    const view = toErrorView(s3Error(error, store, { bucket: address.bucket, act: 'list' }, signal))
    yield { ...step, status: 'failed', detail: view.title, error: view }
  } finally {
    session.close()
  }
}

async function firstNames(session: S3Session, store: S3Store, bucket: string, prefix: string, signal: AbortSignal): Promise<{ names: string[]; denied: unknown }> {
  try {
    for await (const page of listPages(session, store, bucket, prefix, signal)) return { names: page.map(({ key }) => key), denied: null }
    return { names: [], denied: null }
  } catch (error) {
    if (s3Code(error) === 'AccessDenied') return { names: [], denied: error }
    throw error
  }
}

/** What stands where nothing matches; if nothing does, what is in the folder around it. */
async function near(session: S3Session, store: S3Store, { bucket, prefix, only }: FilesAddress, names: string[], signal: AbortSignal): Promise<string> {
  if (names.length > 0 && only === null) return nearMisses(names, prefix)
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const around = await firstNames(session, store, bucket, folder, signal)
  return around.denied ? `There is no ${prefix}` : nearMisses(around.names, folder)
}
