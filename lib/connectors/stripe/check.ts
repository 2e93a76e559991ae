import { toErrorView } from '@/lib/core/errors'
import type { CheckStep, DiscoveredSchema } from '../contract'
import { resolveAllowedAll } from '../egress'
import { readAccount } from './account'
import { isTestKey, type StripeConfig } from './config'
import { probeSchemas } from './discover'
import { openStripe, type StripeApi } from './stripe-client'
import { stripeError } from './stripe-error'

const CHECK_SECONDS = 60
const NAMED = 5

/** Check from the outside in: the address, the key, the account, what the key is granted. The first failed step is the last. */
export async function* checkStripe(config: StripeConfig, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'address', label: 'Address found' }
  const begin = (id: string, label: string) => Object.assign(step, { id, label })
  const api = openStripe(config)
  try {
    signal.throwIfAborted()
    const { hostname } = new URL(config.base_url)
    const addresses = await resolveAllowedAll(hostname)
    yield { ...step, status: 'ok', detail: addresses.map(({ address }) => address).join(', ') }

    begin('sign-in', 'Signed in')
    const account = await accountInWords(api, signal)
    yield { ...step, status: 'ok', detail: keyInWords(config) }

    begin('account', 'Account found')
    yield { ...step, status: 'ok', detail: account }

    begin('permissions', 'Lists readable')
    yield permissionStep(await probeSchemas(api, config, signal), step)
  } catch (error) {
    const view = toErrorView(stripeError(error, config, signal))
    yield { ...step, status: 'failed', detail: view.title, error: view }
  } finally {
    api.close()
  }
}

function keyInWords(config: StripeConfig): string {
  const mode = isTestKey(config) ? 'of the sandbox' : 'live'
  return config.api_key.startsWith('sk_') ? `with a secret key, ${mode}: a restricted key that can only read is enough` : `with a restricted key, ${mode}`
}

/** The account in words. */
async function accountInWords(api: StripeApi, signal: AbortSignal): Promise<string> {
  const account = await readAccount(api, signal)
  if (!account) return 'The key may not read its name'
  return account.name === null ? account.id : `${account.name} (${account.id})`
}

function permissionStep(schemas: DiscoveredSchema[], step: { id: string; label: string }): CheckStep {
  const blocked = schemas.filter(({ problem }) => problem)
  const readable = schemas.length - blocked.length
  const names = blocked.slice(0, NAMED).map(({ name }) => name)
  if (blocked.length > NAMED) names.push(`${blocked.length - NAMED} more`)
  const detail = `${readable} of ${schemas.length} lists readable${blocked.length ? `; not: ${names.join(', ')}` : ''}`
  if (blocked.length === 0) return { ...step, status: 'ok', detail }
  const titles = [...new Set(blocked.flatMap(({ problem }) => (problem ? [problem.detail ?? problem.title] : [])))]
  const first = blocked[0]?.problem
  const error = first && { ...first, ...(titles.length > 1 && { title: 'The key may not read every list', detail: titles.join('. '), advice: first.advice }) }
  return { ...step, status: readable === 0 ? 'failed' : 'warning', detail, ...(error && { error }) }
}
