import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { parseAnswer } from '../parse-answer'
import type { StripeApi } from './stripe-client'
import { accountIn, isUnderstood } from './stripe-error'

const Account = z.object({
  id: z.string(),
  business_profile: z.object({ name: z.string().nullish() }).nullish(),
  settings: z.object({ dashboard: z.object({ display_name: z.string().nullish() }).nullish() }).nullish(),
})

/**
 * The account whose objects a key reads. A key that may read lists but not the account is a good key: Stripe's refusal names the account
 * all the same. Null when nothing tells it.
 */
export async function readAccount(api: StripeApi, signal: AbortSignal): Promise<{ id: string; name: string | null } | null> {
  try {
    const { object } = await api.get('/v1/account', {}, signal)
    const { id, business_profile: profile, settings } = parseAnswer(Account, object, 'Stripe')
    return { id, name: settings?.dashboard?.display_name || profile?.name || null }
  } catch (error) {
    if (!(error instanceof AppError) || !isUnderstood(error)) throw error
    const id = accountIn(error)
    return id === undefined ? null : { id, name: null }
  }
}
