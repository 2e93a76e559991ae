import { z } from 'zod'
import { ChangesLost } from '@/lib/connectors/changes-lost'
import type { ReadRequest, RowsBatch } from '@/lib/connectors/contract'
import type { Http } from '@/lib/connectors/http'
import { parseAnswer } from '@/lib/connectors/parse-answer'
import { inWords, LISTS, openHelpdesk, probe, readPages, SERVICE } from './api'
import { Place, readBookmark, writeBookmark, type Progress } from './bookmark'
import type { HelpdeskConfig } from './config'
import { isoOf, Microseconds } from './microseconds'
import { requireSchema } from './schemas'

/** What the reader itself needs of a ticket; the row is the object as it came. */
const Tickets = z.object({ tickets: z.array(z.looseObject({ updated_at: z.string() })) })
const Deletions = z.object({ deletions: z.array(z.object({ ticket_id: z.string(), deleted_at: Microseconds })) })

/** Reads tickets in the order of their changes, from the beginning or from a bookmark; before them what was deleted since it. */
export async function* readHelpdesk(config: HelpdeskConfig, { location, changes, observer }: ReadRequest, signal: AbortSignal): AsyncGenerator<RowsBatch> {
  requireSchema(location)
  const http = openHelpdesk(config, { log: observer?.log.bind(observer) })
  try {
    signal.throwIfAborted()
    const known = readBookmark(changes?.bookmark)
    if (changes?.read === 'changes' && !known) throw new ChangesLost('the last bookmark is of another version of this connector')
    const progress = known ?? (await beginLoad(http, signal))
    if (known) yield* readDeletions(http, progress, signal)
    for await (const batch of readTickets(http, progress, signal)) {
      yield batch
      observer?.progress({ rowsExpected: null, pace: http.pace() })
    }
    yield { kind: 'rows', rows: [], removals: [], bookmark: writeBookmark(progress), bytes: 0 }
    observer?.log('info', `${http.usage.requests} requests`)
  } catch (error) {
    throw inWords(error, signal)
  } finally {
    http.close()
  }
}

/** Before the first page: what is deleted from now on, by the service's own clock, the deletions tell. And a token that may not read them fails here, not after hours. */
async function beginLoad(http: Http, signal: AbortSignal): Promise<Progress> {
  const { headers } = await probe(http, LISTS.deletions, signal)
  return { tickets: new Place(0), deletions: new Place((Date.parse(headers.date ?? '') || Date.now()) * 1000) }
}

/** Newest first, so that no page covers the ones before it: only what follows has a bookmark. */
async function* readDeletions(http: Http, { deletions: place }: Progress, signal: AbortSignal): AsyncGenerator<RowsBatch> {
  for await (const { value, bytes } of readPages(http, LISTS.deletions, { since: isoOf(place.from) }, signal)) {
    const { deletions } = parseAnswer(Deletions, value, SERVICE)
    const fresh = deletions.filter(({ ticket_id: id, deleted_at: at }) => place.isNew(`${id} ${at}`, at))
    if (fresh.length > 0) yield { kind: 'rows', rows: [], removals: fresh.map(({ ticket_id: id }) => ({ id })), bytes }
  }
}

/** Oldest change first: each page covers the ones before it. */
async function* readTickets(http: Http, progress: Progress, signal: AbortSignal): AsyncGenerator<RowsBatch> {
  for await (const { value, bytes } of readPages(http, LISTS.tickets, { updated_since: isoOf(progress.tickets.from), limit: '100' }, signal)) {
    const { tickets } = parseAnswer(Tickets, value, SERVICE)
    const rows = tickets.filter((ticket) => progress.tickets.isNew(JSON.stringify(ticket), parseAnswer(Microseconds, ticket.updated_at, SERVICE)))
    if (rows.length > 0) yield { kind: 'rows', rows, removals: [], bookmark: writeBookmark(progress), bytes }
  }
}
