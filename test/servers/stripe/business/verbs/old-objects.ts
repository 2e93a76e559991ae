import type { Account } from '../account'
import { makeCheckoutSession } from '../shapes/checkout'
import { makeCustomer, makePaymentMethod } from '../shapes/customers'
import { makeInvoiceItem } from '../shapes/invoices'
import { makeCharge, makePaymentIntent, makeRefund, makeSetupIntent } from '../shapes/payments'
import { makeCoupon, makeFile, makeProduct, makePromotionCode, makeTaxRate } from '../shapes/products'

/** What an account has from long ago, before there were most of the fields: null wherever it may be, and texts at the ends of their lengths. No event is left of it. */
export function addOldObjects(account: Account): void {
  const created = account.now() - 400 * 86_400
  const id = (prefix: string) => ({ id: account.id(prefix), created })
  const settings = { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null }
  const customer = account.add(makeCustomer({ ...id('cus_'), currency: null, delinquent: null, invoice_settings: settings, name: null, phone: null, preferred_locales: null, tax_exempt: null }))
  account.add(makeCustomer({ ...id('cus_'), name: '', email: '', description: 'x'.repeat(5000), metadata: oddMetadata() }))
  const charge = account.add(makeCharge({ ...id('ch_'), amount: 9_007_199_254_740_991, currency: 'vnd', amount_captured: 9_007_199_254_740_991, captured: true, fraud_details: null, paid: true, status: 'succeeded' }))
  account.add(makeRefund({ ...id('re_'), amount: 0, currency: 'vnd', charge: charge.id, metadata: null, status: null }))
  account.add(makePaymentMethod({ ...id('pm_'), customer: customer.id, metadata: null, type: 'custom' }))
  account.add(makePaymentIntent({ ...id('pi_'), amount: 50, currency: 'usd', client_secret: null, payment_method_options: null, status: 'requires_payment_method' }))
  account.add(makeSetupIntent({ ...id('seti_'), client_secret: null, metadata: null, payment_method_options: null, usage: 'on_session' }))
  account.add(makeProduct({ ...id('prod_'), name: '\u{1F9FE}', description: '', type: 'good' }))
  const coupon = account.add(makeCoupon({ ...id(''), percent_off: 0.01, metadata: null, valid: false }))
  account.add(makePromotionCode({ ...id('promo_'), code: 'OLD', active: false, metadata: null, promotion: { coupon: coupon.id, type: 'coupon' } }))
  account.add(makeTaxRate({ ...id('txr_'), active: false, metadata: null, percentage: 0, rate_type: null }))
  account.add(makeFile({ ...id('file_'), purpose: 'pci_document' }))
  account.add(makeInvoiceItem({ id: account.id('ii_'), date: created, amount: -1, currency: 'kwd', customer: customer.id, discounts: null, metadata: null, quantity: 0, quantity_decimal: '0.000000000001', tax_rates: null }))
  const forgotten = { adaptive_pricing: null, cancel_url: null, customer_creation: null, discounts: null, metadata: null, payment_method_collection: null, payment_method_options: null, success_url: null, ui_mode: null, url: null }
  account.add(makeCheckoutSession({ ...id('cs_live_'), mode: 'setup', expires_at: created + 86_400, status: null, ...forgotten }))
}

/** As many keys as Stripe takes, of every odd form. */
function oddMetadata(): Record<string, string> {
  const odd = ['', ' ', 'a"b', "a'b", 'a\\b', 'a.b', 'ключ', '鍵', '🔑', 'NULL', '\u0001', 'line\nend']
  return Object.fromEntries([...odd.map((key) => [`k${key}`, key]), ...Array.from({ length: 30 }, (_, at) => [`key_${at}`, 'v'.repeat(500)])])
}
