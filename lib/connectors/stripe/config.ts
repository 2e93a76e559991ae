import { z } from 'zod'
import { apiAddress } from '../api-address'

export const STRIPE_URL = 'https://api.stripe.com'

const Fields = z.strictObject({
  api_key: z.string({ error: 'Enter the restricted key' }).superRefine(checkKey).meta({
    label: 'Restricted key',
    placeholder: 'rk_live_…',
    help: 'A key that can only read is enough',
    secret: true,
    control: 'password',
  }),
  account_id: z.string().regex(/^acct_[A-Za-z0-9]+$/, 'An account id begins with acct_').optional().meta({
    label: 'Account id',
    placeholder: 'acct_…',
    help: 'Only to read a connected account with the key of its platform; leave it blank to read the account that the key belongs to',
  }),
  base_url: apiAddress(STRIPE_URL).default(STRIPE_URL).meta({
    label: 'Address of the API',
    placeholder: STRIPE_URL,
    help: 'Change it only for a gateway of your own',
    isDestination: true,
  }),
})

function checkKey(key: string, context: z.RefinementCtx): void {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message, input: undefined })
  if (key.startsWith('pk_')) refuse('This is a publishable key, which cannot read anything: make a restricted key, it begins with rk_')
  else if (key.startsWith('whsec_')) refuse('This is the secret of a webhook: make a restricted key, it begins with rk_')
  else if (/[*•…]/.test(key)) refuse('This is only the shortened key that Stripe shows in lists: make a new key and copy it whole')
  else if (!/^(rk|sk)_(live|test)_[A-Za-z0-9_]+$/.test(key)) refuse('A restricted key begins with rk_live_ or rk_test_')
}

/** Blank fields are fields not given; what was pasted loses the spaces around it. */
function fillFields(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  const given = Object.entries(input).map(([name, raw]) => [name, typeof raw === 'string' ? raw.trim() : raw])
  return Object.fromEntries(given.filter(([, value]) => value !== '' && value !== null && value !== undefined))
}

/** What the form and the command line send becomes what check, discover and read are given. */
export const StripeConfig = z.preprocess(fillFields, Fields)
export type StripeConfig = z.output<typeof StripeConfig>

/** Does the key open the sandbox (test mode), where another set of objects is? */
export function isTestKey({ api_key: key }: Pick<StripeConfig, 'api_key'>): boolean {
  return /^.k_test_/.test(key)
}

/** Where keys are made and changed, in the mode of this key. */
export function keysPage(config: Pick<StripeConfig, 'api_key'>): string {
  return `https://dashboard.stripe.com/${isTestKey(config) ? 'test/' : ''}apikeys`
}
