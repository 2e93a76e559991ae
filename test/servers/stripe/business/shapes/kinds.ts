import type { Stripe } from 'stripe'

/** A field of a declared object as it travels: decimals are text, and what may be expanded is an id. */
type Field<T> = [Extract<T, string>] extends [never] ? Sent<T> : Sent<Exclude<T, { object: string }>>

/** A declared object as the API sends it, nothing expanded. */
export type Sent<T> = T extends string ? T : T extends Stripe.Decimal ? string : T extends (infer Item)[] ? Field<Item>[] : T extends object ? { [Key in keyof T]: Field<T[Key]> } : T

/**
 * Every kind of object of the emulated account by its `object`, with the fields that the official package declares, but for the lists
 * inside: their entries are objects of their own, and the server adds them.
 */
export interface Kinds {
  application_fee: Omit<Sent<Stripe.ApplicationFee>, 'refunds'>
  balance_transaction: Sent<Stripe.BalanceTransaction>
  'billing.meter': Sent<Stripe.Billing.Meter>
  card: Sent<Stripe.Card>
  charge: Sent<Stripe.Charge>
  'checkout.session': Sent<Stripe.Checkout.Session>
  coupon: Sent<Stripe.Coupon>
  credit_note: Omit<Sent<Stripe.CreditNote>, 'lines'>
  /** Its note is for the store alone. */
  credit_note_line_item: Sent<Stripe.CreditNoteLineItem> & { credit_note: string }
  customer: Sent<Stripe.Customer>
  discount: Sent<Stripe.Discount>
  dispute: Sent<Stripe.Dispute>
  'entitlements.feature': Sent<Stripe.Entitlements.Feature>
  fee_refund: Sent<Stripe.FeeRefund>
  file: Sent<Stripe.File>
  file_link: Sent<Stripe.FileLink>
  invoice: Omit<Sent<Stripe.Invoice>, 'lines'>
  invoice_payment: Sent<Stripe.InvoicePayment>
  invoiceitem: Sent<Stripe.InvoiceItem>
  /** What it is a line of is for the store alone. */
  item: Sent<Stripe.LineItem> & { checkout_session?: string; payment_link?: string; quote?: string }
  line_item: Sent<Stripe.InvoiceLineItem>
  payment_intent: Sent<Stripe.PaymentIntent>
  payment_link: Sent<Stripe.PaymentLink>
  payment_method: Sent<Stripe.PaymentMethod>
  payout: Sent<Stripe.Payout>
  plan: Sent<Stripe.Plan>
  price: Sent<Stripe.Price>
  product: Sent<Stripe.Product>
  promotion_code: Sent<Stripe.PromotionCode>
  quote: Sent<Stripe.Quote>
  'radar.early_fraud_warning': Sent<Stripe.Radar.EarlyFraudWarning>
  refund: Sent<Stripe.Refund>
  review: Sent<Stripe.Review>
  setup_intent: Sent<Stripe.SetupIntent>
  subscription: Omit<Sent<Stripe.Subscription>, 'items'>
  subscription_item: Sent<Stripe.SubscriptionItem>
  subscription_schedule: Sent<Stripe.SubscriptionSchedule>
  tax_id: Sent<Stripe.TaxId>
  tax_rate: Sent<Stripe.TaxRate>
  topup: Sent<Stripe.Topup>
  transfer: Omit<Sent<Stripe.Transfer>, 'reversals'>
  transfer_reversal: Sent<Stripe.TransferReversal>
}

export type Kind = keyof Kinds

/** What the maker of an object is told: some fields for certain, of the others any. The rest is null where it may be, or absent. */
export type Given<K extends Kind, Certain extends keyof Kinds[K]> = Partial<Kinds[K]> & Pick<Kinds[K], Certain | (keyof Kinds[K] & 'id')>

/** Where all these accounts live, and who connects to them. */
export const ACCOUNT = 'acct_1Emulated0Shop'
export const CONNECTED = ['acct_1Connected0Ann', 'acct_1Connected0Bob']
export const APPLICATION = 'ca_Emulated0Application'
