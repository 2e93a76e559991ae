import { Stripe } from 'stripe'
import type { ErrorWords } from '@/lib/core/errors'
import { AppError } from '@/lib/core/errors'
import { stopped } from '../stopped'
import { PERMISSIONS } from './catalogue/permissions'
import { keysPage, STRIPE_URL, type StripeConfig } from './config'
import type { Permission } from './stripe-schema'

const UNEXPLAINED = 'The key may not do this'

/** What Stripe answered, without what could hold a secret; the cause of the AppError that a person sees. */
class StripeRefusal extends Error {
  constructor(
    message: string,
    readonly status: number | undefined,
    readonly code: string | undefined,
    readonly param: string | undefined,
    readonly requestId: string | undefined,
  ) {
    super(message)
    this.name = 'StripeRefusal'
  }
}

/** The object after which a page should begin is gone: the page can be asked for again from a place that is known. */
export function isMissingCursor(error: unknown): boolean {
  const refusal = refusalOf(error)
  return refusal?.code === 'resource_missing' && (refusal.param === 'starting_after' || refusal.param === 'ending_before')
}

/** The object that was asked for by its id is not there, or no longer. */
export function isMissingObject(error: unknown): boolean {
  const refusal = refusalOf(error)
  return refusal?.code === 'resource_missing' && !isMissingCursor(error)
}

function refusalOf(error: unknown): StripeRefusal | undefined {
  return error instanceof AppError && error.cause instanceof StripeRefusal ? error.cause : undefined
}

/** Whatever a request to Stripe threw, in words. */
export function stripeError(error: unknown, config: StripeConfig, signal: AbortSignal): AppError {
  const why = stopped(signal, 'Stripe', 'Try again; if it stays, look at https://status.stripe.com')
  if (why) return why
  if (error instanceof AppError) return error
  if (!(error instanceof Stripe.errors.StripeError)) return strangeAnswer(config)
  if (error.detail instanceof AppError) return error.detail // our own HTTP client failed inside of Stripe's
  const cause = new StripeRefusal(redact(error.message, config), error.statusCode, error.code, error.param, error.requestId)
  if (error instanceof Stripe.errors.StripeConnectionError) return lost(config, cause)
  return fromStatus(cause, config)
}

function fromStatus(cause: StripeRefusal, config: StripeConfig): AppError {
  const status = cause.status ?? 0
  if (status === 0) return strangeAnswer(config, cause)
  if (status === 401) return new AppError('credentials', credentialWords(cause, config), { cause })
  if (status === 403) return new AppError('permission', forbiddenWords(cause, config), { cause })
  if (cause.code === 'resource_missing') {
    return new AppError('not_found', { title: 'Stripe does not have this object', detail: said(cause), advice: 'It was deleted, or it belongs to another account or to the other mode (test or live)' }, { cause })
  }
  if (status === 404) {
    return new AppError('missing_table', { title: 'This list is not offered', detail: `${where(config)}: ${said(cause)}`, advice: config.base_url === STRIPE_URL ? 'Disable the table; this account has no such list' : 'Check the address of the API' }, { cause })
  }
  if (status === 429 || cause.code === 'rate_limit') {
    return new AppError('rate_limited', { title: 'Stripe’s limit on requests is used up', detail: said(cause), advice: 'It is tried again; if it stays, see what else uses this account’s requests' }, { isRetryable: true, cause })
  }
  if (status >= 500 || status === 409) {
    return new AppError('source', { title: 'Stripe failed to answer', detail: said(cause), advice: 'It is tried again; if it stays, look at https://status.stripe.com' }, { isRetryable: true, cause })
  }
  const about = cause.param === undefined ? '' : ` (parameter ${cause.param})`
  return new AppError('source', { title: 'Stripe did not accept the request', detail: said(cause) + about, advice: 'Refresh the source, then sync again' }, { cause })
}

function credentialWords(cause: StripeRefusal, config: StripeConfig): ErrorWords {
  const advice = `Make a restricted key at ${keysPage(config)} and enter it here`
  if (cause.code === 'api_key_expired' || /expired/i.test(cause.message)) return { title: 'The API key has expired', detail: `${where(config)} no longer accepts it`, advice }
  return { title: 'Stripe does not accept the API key', detail: `${where(config)} knows no such key, or it was revoked`, advice: `Check that the whole key was copied. ${advice}` }
}

function forbiddenWords(cause: StripeRefusal, config: StripeConfig): ErrorWords {
  const permission = namedPermission(cause.message)
  if (permission) return permissionWords(permission, config)
  if (/IP address/i.test(cause.message)) {
    return { title: 'The key may not be used from our address', detail: said(cause), advice: `Allow our inbound IP addresses in the settings of the key at ${keysPage(config)}` }
  }
  if (cause.code === 'account_invalid' || /access to account|Connect platforms/i.test(cause.message)) {
    return {
      title: config.account_id === undefined ? 'The key has no access to its account' : `The key has no access to the account ${config.account_id}`,
      detail: said(cause),
      advice: 'Check the account id; leave it blank to read the account that the key belongs to',
    }
  }
  return { title: UNEXPLAINED, detail: said(cause), advice: `See what the key is granted at ${keysPage(config)}` }
}

/** Does a refusal tell why: what is missing, or that the account or our address is the reason? Else the one who asked knows what for. */
export function isExplained({ title }: AppError): boolean {
  return title !== UNEXPLAINED
}

/** What to tell when a key lacks a permission, by the name that people find on the key page and by the one that Stripe uses inside. */
export function permissionWords({ label, id }: Permission, config: StripeConfig): ErrorWords {
  return {
    title: `The key may not read ${label}`,
    detail: `It lacks the permission ${label}: Read (${id})`,
    advice: `Edit the key at ${keysPage(config)}, set ${label} to Read, and test again`,
  }
}

/** Did Stripe's refusal name what is missing? It has two ways: `Enabling "Prices Read" ('plan_read') …`, and `Having the 'rak_charge_read' permission …`. */
export function namesPermission(error: unknown): boolean {
  return namedPermission(refusalOf(error)?.message ?? '') !== undefined
}

/** Was the request only refused for a permission, or for an address that this gateway does not have? Then the key itself is good. */
export function isUnderstood(error: AppError): boolean {
  return namesPermission(error) || error.code === 'missing_table'
}

/** The account that a refusal names. */
export function accountIn(error: AppError): string | undefined {
  return /\bacct_[A-Za-z0-9]+/.exec(refusalOf(error)?.message ?? '')?.[0]
}

function namedPermission(message: string): Permission | undefined {
  const name = /'(?:rak_)?([a-z0-9_]+_(?:read|write))'/.exec(message)?.[1]
  if (name === undefined) return undefined
  const id = `rak_${name}`
  const known = Object.values(PERMISSIONS).find((permission) => permission.id === id)
  return known ?? { label: /Enabling "?([^"(]+?)"?\s+\('/.exec(message)?.[1]?.replace(/ (Read|Write)$/, '') ?? name, id }
}

function strangeAnswer(config: StripeConfig, cause?: unknown): AppError {
  return new AppError('source', {
    title: 'The answer is not one of Stripe’s',
    detail: `What answers at ${where(config)} did not send what Stripe’s API sends`,
    advice: config.base_url === STRIPE_URL ? 'Try again; if it stays, look at https://status.stripe.com' : 'Check the address of the API',
  }, { cause })
}

function lost(config: StripeConfig, cause: StripeRefusal): AppError {
  return new AppError('unreachable', { title: 'The connection to Stripe was lost', detail: `${where(config)} gave no answer`, advice: 'It is tried again' }, { isRetryable: true, cause })
}

const where = ({ base_url: url }: StripeConfig) => new URL(url).host

function said({ message, requestId, status }: StripeRefusal): string {
  const text = message.replace(/\s+/g, ' ').trim().slice(0, 500) || `HTTP ${status}`
  return requestId === undefined ? text : `${text} (request ${requestId})`
}

/** Stripe repeats a key shortened; not even that is shown, and a gateway that repeats all of it is not repeated. */
function redact(text: string, { api_key: key }: StripeConfig): string {
  return text.replaceAll(key, '•••').replace(/\b[a-z]{2}_(live|test)_[A-Za-z0-9*•…._-]+/g, '•••')
}
