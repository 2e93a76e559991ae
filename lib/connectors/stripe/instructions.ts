import type { Instruction } from '../contract'
import { STRIPE_SCHEMAS } from './catalogue/catalogue'
import { PERMISSIONS } from './catalogue/permissions'

/** Every permission that the catalogue needs, once; Events first, since everything follows by them. */
const NEEDED = [...new Set([PERMISSIONS.events, ...STRIPE_SCHEMAS.map(({ permission }) => permission)])]

/** Stripe's key page with the permissions already ticked. */
export function keyLink(mode: 'live' | 'test'): string {
  const query = new URLSearchParams({ name: 'Tributary' })
  for (const { id } of NEEDED) query.append('permissions[]', id)
  return `https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}apikeys/create?${query.toString()}`
}

export const STRIPE_INSTRUCTIONS: Instruction[] = [
  {
    title: 'Make a key that can only read',
    text: 'The link opens Stripe’s page for a new key with the permissions below already set to Read. Press “Create key” there and copy the key whole: Stripe shows it once.',
    link: { label: 'Make a restricted key at Stripe', url: keyLink('live') },
  },
  {
    title: 'The permissions',
    text: 'Take away what should not be read; its tables then cannot be ticked. Keep Events, which tell of changes and deletions.',
    code: NEEDED.map(({ label }) => `${label}: Read`).join('\n'),
  },
  {
    title: 'The sandbox',
    text: 'A key that begins with rk_test_ reads only the objects of the test mode. Link it as a source of its own.',
    link: { label: 'Make a key for the test mode', url: keyLink('test') },
  },
  {
    title: 'Connected accounts',
    text: 'A platform reads one of its accounts with its own key, which needs these permissions for connected accounts, and that account’s id. Each account is a source of its own.',
  },
  {
    title: 'Keys that only work from some addresses',
    text: 'If you restrict the key to IP addresses, allow the inbound IP addresses below.',
  },
]
