import type { EmulatedObject, EmulatedStore } from '../types'
import { choose, mix } from './chance'
import { seededIds } from './seeded-ids'
import { seededTimes } from './seeded-times'
import { cardOf, makeCustomer } from './shapes/customers'
import { APPROVED, chargedCard, DECLINED, makeCharge } from './shapes/payments'
import { address, description, email, firmName, metadata, personName, phone } from './texts'

export type SeededKind = 'charge' | 'customer'

/**
 * Fills the account with so many objects of this kind, made when they are asked for from their number alone: charges of about 2.3
 * kilobytes, customers of 0.8. Their ids sort in no order that means anything; their times of creation never fall, over the two years until now, with
 * bursts of many within the same second and weeks without any. A charge names one of the customers of the same seed, who exist
 * when they were seeded too, at least a quarter as many; its intent and balance transaction are not in the account.
 */
export function seedAccount(store: EmulatedStore, kind: SeededKind, count: number, seed = 1): void {
  const ids = seededIds(kind, seed)
  const createdAt = seededTimes(store.now(), count, seed)
  const make = kind === 'charge' ? seededCharge : seededCustomer
  store.insertMany({
    kind,
    count,
    at: (index) => make(ids.at(index), createdAt(index), index, { seed, count }),
    indexOf: (id) => {
      const index = ids.indexOf(id)
      return index !== null && index < count ? index : null
    },
  })
}

type Maker = (id: string, created: number, index: number, of: { seed: number; count: number }) => EmulatedObject

/** Amounts of every size: most of them a few hundred, some beyond 32 bits. */
function amountOf(roll: number): number {
  return roll % 1000 === 0 ? 3_000_000_000 + roll : 50 + (roll % 50_000)
}

const CURRENCIES = ['usd', 'usd', 'eur', 'eur', 'gbp', 'jpy', 'kwd']

const seededCharge: Maker = (id, created, index, { seed, count }) => {
  const roll = mix(index, seed + 101)
  const amount = amountOf(roll)
  const isPaid = roll % 17 !== 0
  const customer = roll % (Math.floor(count / 4) + 1)
  return {
    ...makeCharge({
      id,
      created,
      amount,
      currency: choose(CURRENCIES, roll >>> 3),
      amount_captured: isPaid ? amount : 0,
      balance_transaction: isPaid ? `txn_${id.slice(3)}` : null,
      billing_details: { address: address(customer), email: email(customer), name: personName(customer), phone: null, tax_id: null },
      calculated_statement_descriptor: 'EMULATED SHOP',
      captured: isPaid,
      customer: roll % 9 === 0 ? null : seededIds('customer', seed).at(customer),
      description: description(index),
      failure_code: isPaid ? null : 'card_declined',
      failure_message: isPaid ? null : 'Your card has insufficient funds.',
      metadata: metadata(index),
      outcome: isPaid ? APPROVED : DECLINED,
      paid: isPaid,
      payment_intent: `pi_${id.slice(3)}`,
      payment_method: `pm_${id.slice(3)}`,
      payment_method_details: chargedCard(cardOf(customer), amount),
      receipt_email: roll % 3 === 0 ? email(customer) : null,
      receipt_url: isPaid ? `https://pay.emulated.example/receipts/${id}` : null,
      status: isPaid ? 'succeeded' : 'failed',
    }),
  }
}

const seededCustomer: Maker = (id, created, index, { seed }) => {
  const roll = mix(index, seed + 202)
  const home = address(index)
  return {
    ...makeCustomer({
      id,
      created,
      address: roll % 5 === 0 ? null : home,
      balance: roll % 31 === 0 ? -amountOf(roll) : 0,
      currency: choose([...CURRENCIES, null], roll >>> 3),
      delinquent: roll % 23 === 0,
      description: description(index),
      email: roll % 11 === 0 ? null : email(index),
      invoice_prefix: id.slice(-8).toUpperCase(),
      metadata: metadata(index),
      name: roll % 4 === 0 ? firmName(index) : personName(index),
      next_invoice_sequence: 1 + (roll % 60),
      phone: roll % 6 === 0 ? phone(index) : null,
      preferred_locales: roll % 7 === 0 ? ['de', 'en-GB'] : [],
      shipping: roll % 3 === 0 ? { address: home, name: personName(index), phone: phone(index), carrier: null, tracking_number: null } : null,
      tax_exempt: choose(['none', 'none', 'exempt', 'reverse'], roll >>> 5),
    }),
  }
}
