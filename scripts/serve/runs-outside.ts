import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

/** What machines elsewhere must be able to use as well, so that it cannot be made here. */
const SHARED = { DATABASE_URL: 'a PostgreSQL that the machines of Trigger.dev reach, in place of the embedded one', ENCRYPTION_KEY: 'the key that opens the secrets of sources, the same here and there (openssl rand -hex 32)' } as const

/** Does Trigger.dev execute the runs? Then a line for whoever starts Tributary; throws when something is missing for that. */
export function outsideLine(): string | undefined {
  const { TRIGGER_SECRET_KEY, TRIGGER_API_URL } = env()
  if (!TRIGGER_SECRET_KEY) return undefined
  for (const [name, what] of Object.entries(SHARED)) {
    if (env()[name as keyof typeof SHARED]) continue
    throw new AppError('bad_config', { title: `With TRIGGER_SECRET_KEY the environment variable ${name} must be set too`, detail: `It is ${what}`, advice: 'Set it here and on the page Environment variables of Trigger.dev, or remove TRIGGER_SECRET_KEY to run syncs here' })
  }
  return `Trigger.dev at ${new URL(TRIGGER_API_URL).host} runs the syncs: the worker here takes none, it starts what is due, mends and sweeps`
}
