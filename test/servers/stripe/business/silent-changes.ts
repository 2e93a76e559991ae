/**
 * What the business does without an event, as Stripe does, by the kind of the object: all of it within what
 * lib/connectors/stripe/catalogue promises to find by looking back, by listing, or at the time at which a row settles.
 */
export const SILENT_CHANGES: Record<string, { what: string; when: string }> = {
  balance_transaction: { what: 'is made; pending becomes available', when: 'at any time; at available_on' },
  'checkout.session': { what: 'is opened', when: 'ends within a day, which an event tells' },
  coupon: { what: 'valid becomes false', when: 'at redeem_by' },
  'entitlements.feature': { what: 'is made, is archived', when: 'at any time: the list is read whole' },
  file: { what: 'is uploaded, some with a link', when: 'at any time; it does not change' },
  file_link: { what: 'is made with its file', when: 'in the same second' },
  invoiceitem: { what: 'is edited while pending; is taken up beyond the ten lines that an event holds', when: 'within 32 days of its date' },
  item: { what: 'a line of a session that is opened', when: 'with its session' },
  payment_intent: { what: 'amount and metadata are edited', when: 'within a day of its making' },
  promotion_code: { what: 'active becomes false', when: 'at expires_at' },
  quote: { what: 'a draft is edited', when: 'within 30 days of its making' },
  setup_intent: { what: 'description and metadata are edited', when: 'within a day of its making' },
}
