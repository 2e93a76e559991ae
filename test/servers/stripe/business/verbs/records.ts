import { DAY, type Account } from '../account'
import type { Kinds } from '../shapes/kinds'
import { makeFeature, makeFile, makeMeter, makeTaxRate } from '../shapes/products'

/** No event tells of a file that people upload. Some have a link to them from the start. */
export function uploadFile(account: Account): void {
  const { chance } = account
  const id = account.id('file_')
  const size = chance.between(1, 3_000_000_000)
  if (chance.happens(0.3)) {
    const link = account.id('link_')
    account.add({ id: link, object: 'file_link', created: account.now(), expired: false, expires_at: null, file: id, livemode: true, metadata: {}, url: `https://files.emulated.example/links/${link}` })
  }
  account.add(makeFile({ id, created: account.now(), filename: chance.pick(['beleg 1.pdf', '領収書.png', null]), purpose: chance.pick(['dispute_evidence', 'business_logo', 'tax_document_user_upload'] as const), size, title: chance.pick([null, 'Beleg']), type: chance.pick(['pdf', 'png', null]), url: `https://files.emulated.example/v1/files/${id}/contents` }))
}

/** Features have no events at all. */
export function createFeature(account: Account, name: string): void {
  const key = account.id('').slice(-10).toLowerCase()
  account.add(makeFeature({ id: account.id('feat_'), lookup_key: key, name, metadata: { key } }))
}

export function archiveFeature(account: Account, id: string): void {
  account.change('entitlements.feature', id, { active: false })
}

export function createTaxRate(account: Account, given: Partial<Kinds['tax_rate']>): Kinds['tax_rate'] {
  return account.add(makeTaxRate({ id: account.id('txr_'), created: account.now(), ...given }), 'tax_rate.created')
}

export function updateTaxRate(account: Account, id: string, change: Partial<Kinds['tax_rate']>): void {
  account.change('tax_rate', id, change, 'tax_rate.updated')
}

/** It counts for some weeks, rests, and counts again. */
export function createMeter(account: Account, name: string): void {
  const { id } = account.add(makeMeter({ id: account.id('mtr_'), created: account.now(), event_name: name }), 'billing.meter.created')
  const set = (change: Partial<Kinds['billing.meter']>, type: string) => account.change('billing.meter', id, { ...change, updated: account.now() }, type)
  account.later(account.now() + 3 * DAY, () => set({ display_name: `${name} (metered)` }, 'billing.meter.updated'))
  account.later(account.now() + 20 * DAY, () => set({ status: 'inactive', status_transitions: { deactivated_at: account.now() } }, 'billing.meter.deactivated'))
  account.later(account.now() + 30 * DAY, () => set({ status: 'active', status_transitions: { deactivated_at: null } }, 'billing.meter.reactivated'))
}
