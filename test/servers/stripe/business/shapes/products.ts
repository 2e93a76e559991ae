import type { Given, Kinds } from './kinds'

export function makeProduct(given: Given<'product', 'created' | 'name'>): Kinds['product'] {
  return {
    object: 'product',
    active: true,
    default_price: null,
    description: null,
    images: [],
    livemode: true,
    marketing_features: [],
    metadata: {},
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: given.created,
    url: null,
    ...given,
  }
}

export function makePrice(given: Given<'price', 'created' | 'product' | 'currency' | 'unit_amount'>): Kinds['price'] {
  return {
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    custom_unit_amount: null,
    livemode: true,
    lookup_key: null,
    metadata: {},
    nickname: null,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: given.recurring ? 'recurring' : 'one_time',
    unit_amount_decimal: given.unit_amount === null ? null : String(given.unit_amount),
    ...given,
  }
}

/** The old form of a price that recurs. */
export function planOf(price: Kinds['price']): Kinds['plan'] {
  const { recurring } = price
  if (!recurring) throw new Error(`${price.id} does not recur: it has no form as a plan`)
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: price.livemode,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: recurring.trial_period_days,
    usage_type: recurring.usage_type,
    ...(price.tiers && { tiers: price.tiers }),
  }
}

export const MONTHLY: NonNullable<Kinds['price']['recurring']> = { interval: 'month', interval_count: 1, meter: null, trial_period_days: null, usage_type: 'licensed' }

export function makeTaxRate(given: Given<'tax_rate', 'created'>): Kinds['tax_rate'] {
  return {
    object: 'tax_rate',
    active: true,
    country: null,
    description: null,
    display_name: 'VAT',
    effective_percentage: null,
    flat_amount: null,
    inclusive: false,
    jurisdiction: null,
    jurisdiction_level: null,
    livemode: true,
    metadata: {},
    percentage: 19,
    rate_type: 'percentage',
    state: null,
    tax_type: null,
    ...given,
  }
}

export function makeMeter(given: Given<'billing.meter', 'created' | 'event_name'>): Kinds['billing.meter'] {
  return {
    object: 'billing.meter',
    customer_mapping: { event_payload_key: 'stripe_customer_id', type: 'by_id' },
    default_aggregation: { formula: 'sum' },
    display_name: given.event_name,
    event_time_window: null,
    livemode: true,
    status: 'active',
    status_transitions: { deactivated_at: null },
    updated: given.created,
    value_settings: { event_payload_key: 'value' },
    ...given,
  }
}

export function makeCoupon(given: Given<'coupon', 'created'>): Kinds['coupon'] {
  return {
    object: 'coupon',
    amount_off: null,
    currency: null,
    duration: 'forever',
    duration_in_months: null,
    livemode: true,
    max_redemptions: null,
    metadata: {},
    name: null,
    percent_off: null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
    ...given,
  }
}

export function makePromotionCode(given: Given<'promotion_code', 'created' | 'code' | 'promotion'>): Kinds['promotion_code'] {
  return {
    object: 'promotion_code',
    active: true,
    customer: null,
    customer_account: null,
    expires_at: null,
    livemode: true,
    max_redemptions: null,
    metadata: {},
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
    ...given,
  }
}

export function makeFeature(given: Given<'entitlements.feature', 'lookup_key' | 'name'>): Kinds['entitlements.feature'] {
  return { object: 'entitlements.feature', active: true, livemode: true, metadata: {}, ...given }
}

export function makeFile(given: Given<'file', 'created'>): Kinds['file'] {
  return {
    object: 'file',
    expires_at: null,
    filename: null,
    purpose: 'dispute_evidence',
    size: 0,
    title: null,
    type: null,
    url: null,
    ...given,
  }
}
