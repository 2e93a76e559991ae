/** What the server refuses, in Stripe's words and form. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly more: { type?: string; code?: string; param?: string } = {},
  ) {
    super(message)
  }

  body(requestId: string): { error: Record<string, unknown> } {
    const { type = 'invalid_request_error', code, param } = this.more
    return {
      error: {
        ...(code && { code, doc_url: `https://docs.stripe.com/error-codes/${code.replaceAll('_', '-')}` }),
        message: this.message,
        ...(param && { param }),
        request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
        type,
      },
    }
  }
}

/** Stripe's names of objects in "No such …", where they are not their `object`. */
const NAMES: Record<string, string> = { payment_method: 'PaymentMethod', 'checkout.session': 'checkout.session', line_item: 'line item', item: 'line item' }

/** Names of the id in the address, where they are not `id`. */
const ID_PARAMS: Record<string, string> = { coupon: 'coupon', invoice: 'invoice', payment_intent: 'intent', plan: 'plan', price: 'price' }

/** An id of the address that leads nowhere: 404. */
export function noSuchObject(kind: string, id: string): Refusal {
  return new Refusal(404, `No such ${NAMES[kind] ?? kind}: '${id}'`, { code: 'resource_missing', param: ID_PARAMS[kind] ?? 'id' })
}

/** An id in a parameter that leads nowhere: 400. */
export function noSuchParameter(kind: string, id: string, param: string): Refusal {
  return new Refusal(400, `No such ${NAMES[kind] ?? kind}: '${id}'`, { code: 'resource_missing', param })
}

export function unknownUrl(method: string, path: string): Refusal {
  return new Refusal(404, `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`)
}

export function unknownParameters(names: string[]): Refusal {
  const [first = ''] = names
  return new Refusal(400, `Received unknown parameter${names.length > 1 ? 's' : ''}: ${names.join(', ')}`, { code: 'parameter_unknown', param: first })
}

export function invalidInteger(param: string, value: string): Refusal {
  return new Refusal(400, `Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param })
}

export function emptyValue(param: string): Refusal {
  return new Refusal(400, `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset. You should remove '${param}' from your request or supply a non-empty value.`, { code: 'parameter_invalid_empty', param })
}

export function noKey(): Refusal {
  return new Refusal(401, 'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. \'Authorization: Bearer YOUR_SECRET_KEY\'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.')
}

export function wrongKey(key: string): Refusal {
  return new Refusal(401, `Invalid API Key provided: ${shortened(key)}`)
}

/** Stripe's older wording names the permission with `rak_`, its newer one as the key page does. */
export function missingPermission(key: string, account: string, wording: { label: string | null; permission: string }): Refusal {
  const { label, permission } = wording
  const advice = label === null ? `Having the '${permission}' permission would allow this request to continue.` : `Enabling "${label} Read" ('${permission}') permissions would allow this request to continue.`
  return new Refusal(403, `The provided key '${shortened(key)}' does not have the required permissions for this endpoint on account '${account}'. ${advice}`)
}

export function noAccess(key: string, account: string): Refusal {
  return new Refusal(403, `The provided key '${shortened(key)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`, { code: 'account_invalid' })
}

export function tooMany(): Refusal {
  return new Refusal(429, 'Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.', { code: 'rate_limit' })
}

export function failed(status: number): Refusal {
  return new Refusal(status, 'Sorry! There was an error while talking to one of our backends. Support has been notified.', { type: 'api_error' })
}

/** As Stripe repeats a key: how it begins, and its last signs. */
function shortened(key: string): string {
  const begin = /^(sk|rk|pk)_(test|live)_/.exec(key)?.[0] ?? key.slice(0, 4)
  const end = key.slice(begin.length).slice(-4)
  return begin + '*'.repeat(Math.max(0, key.length - begin.length - end.length)) + end
}
