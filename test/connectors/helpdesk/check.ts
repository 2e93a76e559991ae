import { z } from 'zod'
import type { CheckStep } from '@/lib/connectors/contract'
import { resolveAllowedAll } from '@/lib/connectors/egress'
import { parseAnswer } from '@/lib/connectors/parse-answer'
import { toErrorView } from '@/lib/core/errors'
import { inWords, openHelpdesk, SERVICE } from './api'
import type { HelpdeskConfig } from './config'
import { problemOf } from './discover'

const CHECK_SECONDS = 60
const Account = z.object({ name: z.string() })

export async function* checkHelpdesk(config: HelpdeskConfig, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'address', label: 'Address found' }
  const begin = (id: string, label: string) => Object.assign(step, { id, label })
  // somebody waits for the answer: a service that is down is told at once
  const http = openHelpdesk(config, { patience: { attempts: 2 } })
  try {
    signal.throwIfAborted()
    const addresses = await resolveAllowedAll(new URL(config.base_url).hostname)
    yield { ...step, status: 'ok', detail: addresses.map(({ address }) => address).join(', ') }

    begin('sign-in', 'Signed in')
    const { value } = await http.json({ path: '/me' }, signal)
    yield { ...step, status: 'ok', detail: parseAnswer(Account, value, SERVICE).name }

    begin('permissions', 'Tickets readable')
    const problem = await problemOf(http, signal)
    yield problem ? { ...step, status: 'failed', detail: problem.title, error: problem } : { ...step, status: 'ok' }
  } catch (error) {
    const view = toErrorView(inWords(error, signal))
    yield { ...step, status: 'failed', detail: view.title, error: view }
  } finally {
    http.close()
  }
}
