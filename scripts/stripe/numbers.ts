const names = (text: string) => new Set(text.trim().split(/\s+/))

/** Unix seconds. The declarations call them numbers like every other; their comments tell. */
const TIMESTAMPS = names(`
  arrival_date automatically_finalizes_at available_on billed_until billing_cycle_anchor cancel_at canceled_at completed_at created
  current_period_end current_period_start date due_date effective_at end ended_at expected_availability_date expires_at
  next_payment_attempt next_pending_invoice_item_invoice period_end period_start redeem_by released_at start start_date
  trial_end trial_start updated voided_at webhooks_delivered_at
`)

/** Percentages and rates. */
const FLOATS = names('application_fee_percent effective_percentage exchange_rate percent_off percentage')

/** Amounts in minor units, counts and sizes. */
const INTEGERS = names(`
  amount amount_capturable amount_captured amount_discount amount_due amount_off amount_overpaid amount_paid amount_paid_off_stripe
  amount_received amount_refunded amount_remaining amount_reversed amount_shipping amount_subtotal amount_tax amount_total
  application_fee_amount attempt_count balance days_until_due discount_amount duration_in_months ending_balance fee interval_count
  max_redemptions net net_amount next_invoice_sequence out_of_band_amount pending_webhooks post_payment_amount
  post_payment_credit_notes_amount pre_payment_amount pre_payment_credit_notes_amount quantity size starting_balance subtotal
  subtotal_excluding_tax times_redeemed total total_excluding_tax trial_period_days unit_amount
`)

/** What a number of Stripe's means. Throws for a name that nobody has decided on yet: a guess would be a column of wrong values. */
export function kindOfNumber(name: string, where: string): 'timestamp' | 'float' | 'integer' {
  if (TIMESTAMPS.has(name)) return 'timestamp'
  if (FLOATS.has(name)) return 'float'
  if (INTEGERS.has(name)) return 'integer'
  throw new Error(`${where}.${name} is a number that scripts/stripe/numbers.ts does not know: read its comment and add it to one of the lists`)
}
