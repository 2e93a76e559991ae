import { toErrorView, type AppError } from '@/lib/core/errors'
import type { CheckStep } from '../contract'
import { resolveAllowedAll } from '../egress'
import { checkObjects } from '../objects/check-objects'
import { nearMisses } from '../objects/near-misses'
import type { FilesAddress } from '../objects/pattern'
import { AzureObjects } from './access'
import { containerOf, openAzure } from './azure-client'
import { azureCode, azureError } from './azure-error'
import { endpointOf, type AzureConfig } from './config'
import { addressOf } from './address'
import { termsOf } from './sas'

const CHECK_SECONDS = 60
/** No container can have this name, so that what is answered tells of the credentials alone. */
const NO_CONTAINER = 'tributary-checks-the-credentials'
/** The credentials are good, and only this container is not theirs, or not there. */
const ACCEPTED = new Set(['ContainerNotFound', 'AuthorizationPermissionMismatch', 'AuthorizationResourceTypeMismatch'])

/** The address and the credentials, as far as they can be told without a container: a signature for one container is good there alone. */
export async function* checkAzure(config: AzureConfig, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'address', label: 'Address found' }
  try {
    signal.throwIfAborted()
    const addresses = await resolveAllowedAll(new URL(endpointOf(config)).hostname)
    yield { ...step, status: 'ok', detail: addresses.map(({ address }) => address).join(', ') }
    Object.assign(step, { id: 'sign-in', label: 'Signed in' })
    yield { ...step, status: 'ok', detail: await signedIn(config, signal) }
  } catch (error) {
    const view = toErrorView(azureError(error, config, { container: '', act: 'list' }, signal))
    yield { ...step, status: 'failed', detail: view.title, error: view }
  }
}

async function signedIn(config: AzureConfig, signal: AbortSignal): Promise<string> {
  const terms = termsOf(config.sas_token ?? '')
  const isForOne = config.sign_in === 'sas' && terms.scope !== null
  const http = openAzure(config)
  try {
    const container = await containerOf(config, NO_CONTAINER, http)
    await container.getProperties({ abortSignal: signal })
  } catch (error) {
    const known = azureError(error, config, { container: NO_CONTAINER, act: 'list' }, signal)
    // what is made for one container or file is refused everywhere else: whether it is good shows there
    if (!ACCEPTED.has(azureCode(error)) && !(isForOne && ['credentials', 'permission'].includes(known.code) && !isOver(known))) throw known
  } finally {
    http.close()
  }
  if (config.sign_in === 'key') return `with a key of ${config.account_name}`
  return `with a signature${terms.until === null ? '' : ` that is good until ${terms.until}`}${isForOne ? '; it is for one container, and tried with its tables' : ''}`
}

const isOver = ({ title }: AppError) => title.includes('expired') || title.includes('not good yet')

export async function* checkAzureFiles(config: AzureConfig, pattern: string, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const address = addressOf(config, pattern)
  yield* checkObjects(new AzureObjects(config, address), (within) => near(config, address, within), signal)
}

async function near(config: AzureConfig, address: FilesAddress, signal: AbortSignal): Promise<string> {
  const prefix = address.only === null ? address.prefix : address.prefix.slice(0, address.prefix.lastIndexOf('/') + 1)
  const http = openAzure(config)
  try {
    const container = await containerOf(config, address.bucket, http)
    const pages = container.listBlobsFlat({ prefix, abortSignal: signal }).byPage({ maxPageSize: 1000 })
    for await (const { segment } of pages) return nearMisses(segment.blobItems.map(({ name }) => name), prefix)
    return nearMisses([], prefix)
  } catch (error) {
    const known = azureError(error, config, { container: address.bucket, act: 'list' }, signal)
    // one file was asked for, and a signature that may not list can say no more
    if (address.only !== null && known.code === 'permission') return `There is no ${address.only}`
    throw known
  } finally {
    http.close()
  }
}
