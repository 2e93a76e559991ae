import type { DiscoveredSchema, Location } from '@/lib/connectors/contract'
import type { Http } from '@/lib/connectors/http'
import { AppError, toErrorView, type ErrorView } from '@/lib/core/errors'
import { inWords, LISTS, openHelpdesk, probe } from './api'
import type { HelpdeskConfig } from './config'
import { describeHelpdesk, TICKETS } from './schemas'

export async function discoverHelpdesk(config: HelpdeskConfig, signal: AbortSignal, only?: Location[]): Promise<DiscoveredSchema[]> {
  if (only && !only.some(describeHelpdesk)) return []
  const http = openHelpdesk(config)
  try {
    signal.throwIfAborted()
    return [{ ...TICKETS, problem: await problemOf(http, signal) }]
  } catch (error) {
    throw inWords(error, signal)
  } finally {
    http.close()
  }
}

/** The first permission that is missing, of the two that the schema needs. Any other failure is none of the schema's own. */
export async function problemOf(http: Http, signal: AbortSignal): Promise<ErrorView | null> {
  for (const list of Object.values(LISTS)) {
    try {
      await probe(http, list, signal)
    } catch (error) {
      if (error instanceof AppError && error.code === 'permission') return toErrorView(error)
      throw error
    }
  }
  return null
}
