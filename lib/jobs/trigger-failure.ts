import { AppError } from '@/lib/core/errors'
import { env } from '@/lib/core/env'

const WORDS = 300

/** What an answer of Trigger.dev that is none means, in words. `status` is undefined when nobody answered. */
export function triggerFailure({ status, message }: { status?: number; message: string }, cause?: unknown): AppError {
  const where = new URL(env().TRIGGER_API_URL).host
  const said = message.replaceAll(env().TRIGGER_SECRET_KEY ?? '\0', '…').slice(0, WORDS)
  if (status === 401) return new AppError('credentials', { title: 'Trigger.dev refuses the secret key', detail: `${where} answered 401`, advice: 'Copy the secret key of the environment from the page API keys of Trigger.dev into TRIGGER_SECRET_KEY, and start Tributary again' }, { cause })
  if (status === 403) return new AppError('permission', { title: 'Trigger.dev does not let this key start runs', detail: `${where} answered 403: ${said}`, advice: 'Use the secret key of the environment in TRIGGER_SECRET_KEY, and start Tributary again' }, { cause })
  if (status === 429) return new AppError('rate_limited', { title: 'Trigger.dev lets no more requests through for now', detail: `${where} answered 429`, advice: 'The run is sent again by itself' }, { cause, isRetryable: true })
  if (status === undefined || status >= 500 || status === 408) {
    const advice = 'Check that it runs, and TRIGGER_API_URL; the run is sent again by itself'
    return new AppError('unreachable', { title: 'Trigger.dev does not answer', detail: status ? `${where} answered ${status}` : `No answer from ${where}`, advice }, { cause, isRetryable: true })
  }
  if (status === 200) return new AppError('unreachable', { title: 'The address of Trigger.dev answers something else', detail: `What ${where} answered is no answer of Trigger.dev`, advice: 'Check TRIGGER_API_URL' }, { cause, isRetryable: true })
  return new AppError('refused', { title: 'Trigger.dev refused the run', detail: `${where} answered ${status}: ${said}`, advice: 'If Trigger.dev is of your own, update it; the client needs version 4.5 or newer' }, { cause })
}
