import { ACCOUNT, APPLICATION, type Given, type Kinds } from './kinds'

export function makeBalanceTransaction(given: Given<'balance_transaction', 'created' | 'amount' | 'currency' | 'type'>): Kinds['balance_transaction'] {
  const { fee = 0 } = given
  return {
    object: 'balance_transaction',
    available_on: given.created,
    balance_type: 'payments',
    description: null,
    exchange_rate: null,
    fee,
    fee_details: fee === 0 ? [] : [{ amount: fee, application: null, currency: given.currency, description: 'Stripe processing fees', type: 'stripe_fee' }],
    net: given.amount - fee,
    reporting_category: given.type,
    source: null,
    status: 'available',
    ...given,
  }
}

export function makePayout(given: Given<'payout', 'created' | 'amount' | 'currency' | 'arrival_date'>): Kinds['payout'] {
  return {
    object: 'payout',
    application_fee: null,
    application_fee_amount: null,
    automatic: true,
    balance_transaction: null,
    description: 'STRIPE PAYOUT',
    destination: 'ba_1Emulated0Bank',
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: true,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'in_progress',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'pending',
    trace_id: null,
    type: 'bank_account',
    ...given,
  }
}

export function makeTopup(given: Given<'topup', 'created' | 'amount' | 'currency'>): Kinds['topup'] {
  return {
    object: 'topup',
    balance_transaction: null,
    description: null,
    expected_availability_date: null,
    failure_code: null,
    failure_message: null,
    initiated_by: 'user',
    livemode: true,
    metadata: {},
    source: null,
    statement_descriptor: null,
    status: 'pending',
    transfer_group: null,
    ...given,
  }
}

export function makeTransfer(given: Given<'transfer', 'created' | 'amount' | 'currency' | 'destination'>): Kinds['transfer'] {
  return {
    object: 'transfer',
    amount_reversed: 0,
    balance_transaction: null,
    description: null,
    livemode: true,
    metadata: {},
    reversed: false,
    source_transaction: null,
    source_type: 'card',
    transfer_group: null,
    ...given,
  }
}

export function makeTransferReversal(given: Given<'transfer_reversal', 'created' | 'amount' | 'currency' | 'transfer'>): Kinds['transfer_reversal'] {
  return { object: 'transfer_reversal', balance_transaction: null, destination_payment_refund: null, metadata: {}, source_refund: null, ...given }
}

export function makeApplicationFee(given: Given<'application_fee', 'created' | 'amount' | 'currency' | 'charge'>): Kinds['application_fee'] {
  return {
    object: 'application_fee',
    account: ACCOUNT,
    amount_refunded: 0,
    application: APPLICATION,
    balance_transaction: null,
    fee_source: { charge: given.charge, type: 'charge' },
    livemode: true,
    originating_transaction: null,
    refunded: false,
    ...given,
  }
}

export function makeFeeRefund(given: Given<'fee_refund', 'created' | 'amount' | 'currency' | 'fee'>): Kinds['fee_refund'] {
  return { object: 'fee_refund', balance_transaction: null, metadata: {}, ...given }
}
