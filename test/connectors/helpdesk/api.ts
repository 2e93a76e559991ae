import { z } from 'zod'
import { openHttp, type Http, type HttpOptions, type JsonAnswer } from '@/lib/connectors/http'
import { byCursor, pages } from '@/lib/connectors/http/paging'
import { parseAnswer } from '@/lib/connectors/parse-answer'
import { stopped } from '@/lib/connectors/stopped'
import { AppError } from '@/lib/core/errors'
import type { HelpdeskConfig } from './config'

export const SERVICE = 'the help desk'

/** A list of the API, and what a token needs to read it, as people see it there. */
export interface List {
  path: string
  permission: string
}

export const LISTS = {
  tickets: { path: '/tickets', permission: 'Tickets: Read' },
  deletions: { path: '/deletions', permission: 'Deletions: Read' },
} satisfies Record<string, List>

const Next = z.object({ next_cursor: z.string().nullable() })

export function openHelpdesk({ base_url: baseUrl, token }: HelpdeskConfig, options: Pick<HttpOptions, 'log' | 'patience'> = {}): Http {
  return openHttp({ baseUrl, account: token, auth: { kind: 'bearer', token }, ...options })
}

export async function* readPages(http: Http, list: List, query: Record<string, string>, signal: AbortSignal): AsyncGenerator<JsonAnswer> {
  try {
    yield* pages(http, { path: list.path, query }, byCursor('cursor', (value) => parseAnswer(Next, value, SERVICE).next_cursor), signal)
  } catch (error) {
    throw inScope(error, list)
  }
}

/** The smallest answer: tells whether the list may be read, and the time there. */
export async function probe(http: Http, list: List, signal: AbortSignal): Promise<JsonAnswer> {
  try {
    return await http.json({ path: list.path, query: { limit: '1' } }, signal)
  } catch (error) {
    throw inScope(error, list)
  }
}

/** What was thrown, or why it was stopped. */
export function inWords(error: unknown, signal: AbortSignal): unknown {
  return stopped(signal, SERVICE) ?? error
}

/** The refusal does not say what the token lacks: it follows from what was asked for. */
function inScope(error: unknown, { permission }: List): unknown {
  if (!(error instanceof AppError) || error.code !== 'permission') return error
  const words = { title: `The token lacks the permission ${permission}`, detail: error.detail, advice: `Grant ${permission} to the token at the help desk, then test again` }
  return new AppError('permission', words, { cause: error })
}
