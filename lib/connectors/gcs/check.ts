import { toErrorView } from '@/lib/core/errors'
import type { CheckStep } from '../contract'
import { resolveAllowedAll } from '../egress'
import { checkObjects } from '../objects/check-objects'
import { serviceAccountOf } from '../objects/google-token'
import { nearMisses } from '../objects/near-misses'
import type { FilesAddress } from '../objects/pattern'
import { gcsError } from './gcs-error'
import { GcsObjects, openGcs, type JsonAccount } from './json-access'

const CHECK_SECONDS = 60
/** Any name serves: a token must be had before a bucket is looked for. */
const ANY_BUCKET = 'tributary-checks-the-credentials'

/** The address, and whether Google hands out a token for the key. */
export async function* checkAccount(account: JsonAccount, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'address', label: 'Address found' }
  try {
    signal.throwIfAborted()
    const addresses = await resolveAllowedAll(new URL(account.endpoint).hostname)
    yield { ...step, status: 'ok', detail: addresses.map(({ address }) => address).join(', ') }
    Object.assign(step, { id: 'sign-in', label: 'Signed in' })
    yield { ...step, status: 'ok', detail: `as ${await signedIn(account, signal)}` }
  } catch (error) {
    const view = toErrorView(error)
    yield { ...step, status: 'failed', detail: view.title, error: view }
  }
}

async function signedIn(account: JsonAccount, signal: AbortSignal): Promise<string> {
  const who = serviceAccountOf(account.keyFile).client_email
  const http = openGcs(account)
  try {
    const answer = await http.send({ path: `storage/v1/b/${ANY_BUCKET}/o`, query: { maxResults: '1', fields: 'nextPageToken' } }, signal)
    if (![200, 403, 404].includes(answer.status)) throw gcsError(answer, { bucket: ANY_BUCKET, act: 'list', who })
    return who
  } finally {
    http.close()
  }
}

/** Goes on for one table. */
export async function* checkAccountFiles(account: JsonAccount, address: FilesAddress, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const objects = new GcsObjects(account, address)
  const folder = address.prefix.slice(0, address.prefix.lastIndexOf('/') + 1)
  const near = async (within: AbortSignal): Promise<string> => {
    const names = address.only === null ? await objects.namesUnder(address.prefix, within) : []
    // an account that may not list was asked for one file
    return names.length > 0 ? nearMisses(names, address.prefix) : objects.namesUnder(folder, within).then((around) => nearMisses(around, folder), () => `There is no ${address.prefix}`)
  }
  yield* checkObjects(objects, near, signal)
}
