import { z } from 'zod'
import { ChangesLost } from '../../changes-lost'
import { parseAnswer } from '../../parse-answer'
import { Remembered } from '../../remembered'
import { EVENTS } from '../catalogue/records'
import type { StripeQuery } from '../stripe-client'
import type { StripeEvent, StripeFeed, StripeObject } from '../stripe-schema'
import type { Progress } from './bookmark'
import type { Reading } from './reading'
import { planFor, readWindows, since } from './windows'

const DAY = 86_400
/** What Stripe promises: https://docs.stripe.com/api/events. */
const KEPT_DAYS = 30
/** Clocks and promises end on the safe side. */
const MARGIN_DAYS = 1

/**
 * An event can become visible after others that were created later: seconds were seen, a minute by connectors that met it, and under
 * load more. What was created so shortly before the last read is listed again; what of it was handled is known by its id.
 */
export const OVERLAP_SECONDS = 600

type FeedProgress = NonNullable<Progress['feed']>

const Events = z.array(z.custom<StripeEvent>((value) => Shape.safeParse(value).success, 'it is no event'))
const Shape = z.looseObject({ id: z.string(), type: z.string(), created: z.int(), data: z.looseObject({ object: z.looseObject({}) }) })

/** A page of events, with those among them that were handled by an earlier read. */
export interface EventsPage {
  events: { event: StripeEvent; isHandled: boolean }[]
}

/** Where the feed is before a load: what happens from now on is followed afterwards, what happened so far the load sees by itself. */
export async function beginFeed(reading: Reading, feed: StripeFeed): Promise<FeedProgress> {
  const { requests, signal } = reading
  const { data, hasMore, at } = await requests.list(EVENTS.list.path, { limit: '100', ...typesOf(feed) }, signal)
  const events = parseAnswer(Events, data, 'Stripe')
  const progress = { at: at ?? events[0]?.created ?? 0, handled: new Remembered() }
  const last = events.at(-1)
  if (last && hasMore && last.created >= progress.at - OVERLAP_SECONDS) {
    const rest = { ...since(progress.at - OVERLAP_SECONDS), after: last.id, place: last.created }
    for await (const page of listEvents(reading, feed, [rest])) events.push(...page.events)
  }
  remember(progress, events)
  return progress
}

/**
 * The events since the last read, and those of the overlap before it; at the end `next` is where the feed is. Throws ChangesLost before
 * its first page when Stripe no longer keeps all of them.
 */
export async function* followFeed(reading: Reading, feed: StripeFeed, last: FeedProgress, next: FeedProgress): AsyncGenerator<EventsPage> {
  let isFirst = true
  for await (const { events, at } of listEvents(reading, feed, [since(last.at - OVERLAP_SECONDS)])) {
    if (isFirst) {
      next.at = Math.max(last.at, at ?? events[0]?.created ?? 0)
      requireKept(last.at, at ?? Math.floor(Date.now() / 1000))
      isFirst = false
    }
    remember(next, events)
    yield { events: events.map((event) => ({ event, isHandled: last.handled.has(event.id) })) }
  }
}

/** Throws ChangesLost when events since a time may be forgotten. Times are Stripe's, in unix seconds. */
export function requireKept(last: number, now: number): void {
  if (isKept(last, now)) return
  throw new ChangesLost(`the last sync was ${Math.floor((now - last) / DAY)} days ago, and Stripe keeps its changes for ${KEPT_DAYS}`)
}

export function isKept(last: number, now: number): boolean {
  return now - last < (KEPT_DAYS - MARGIN_DAYS) * DAY
}

async function* listEvents(reading: Reading, feed: StripeFeed, windows: Parameters<typeof planFor>[1]) {
  const { list } = EVENTS
  const finish = async ({ objects, at }: { objects: StripeObject[]; at: number | null }) => ({ events: parseAnswer(Events, objects, 'Stripe'), at })
  yield* readWindows(reading.requests, { list, query: typesOf(feed), plan: planFor(list, windows), finish }, reading.signal)
}

function typesOf({ types }: StripeFeed): StripeQuery {
  return types.length > 0 ? { types } : {}
}

function remember({ at, handled }: FeedProgress, events: StripeEvent[]): void {
  for (const { id, created } of events) if (created >= at - OVERLAP_SECONDS) handled.add(id)
}
