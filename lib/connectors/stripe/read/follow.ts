import type { Bookmark, RowsBatch } from '../../contract'
import { Remembered } from '../../remembered'
import type { StripeFeed } from '../stripe-schema'
import { ahead } from './ahead'
import type { Progress } from './bookmark'
import { followFeed } from './feed'
import { lookBack, noteSettling } from './look-back'
import { count, type Reading } from './reading'
import { reread, type Reread } from './reread'
import { Touches, type TouchedObject } from './touches'

const BATCH_OBJECTS = 100
/** Batches that are read ahead. */
const AHEAD = 8

/** What changed since the last read: by the feed, and by looking at the newest objects again. Its last batch has the bookmark. */
export async function* followChanges(reading: Reading, progress: Progress): AsyncGenerator<RowsBatch> {
  const { feed } = reading.schema
  if (feed && progress.feed) {
    const next = { at: progress.feed.at, handled: new Remembered() }
    const follow = reading.schema.list.object === 'event' ? newEvents : rereadTouched
    yield* follow(reading, feed, progress, next)
    progress.feed = next
  }
  yield* lookBack(reading, progress)
  yield reading.batch([], [], reading.bookmark(progress))
}

type FeedProgress = NonNullable<Progress['feed']>

/** Where the events themselves are the rows. */
async function* newEvents(reading: Reading, feed: StripeFeed, progress: Progress, next: FeedProgress): AsyncGenerator<RowsBatch> {
  if (!progress.feed) return
  for await (const { events } of followFeed(reading, feed, progress.feed, next)) {
    const rows = events.filter(({ isHandled }) => !isHandled).map(({ event }) => event)
    if (rows.length > 0) yield reading.batch(rows, [])
  }
}

/** Reads every object once that events touched, however many they were. */
async function* rereadTouched(reading: Reading, feed: StripeFeed, progress: Progress, next: FeedProgress): AsyncGenerator<RowsBatch> {
  const last = progress.feed
  if (!last) return
  const touches = new Touches(feed, reading.schema.list)
  for await (const { events } of followFeed(reading, feed, last, next)) for (const { event, isHandled } of events) touches.add(event, isHandled)
  const touched = touches.all()
  if (touched.length === 0) return
  reading.log(`${count(touched.length, 'object')} changed, by Stripe’s events`)
  // what was seen at the last look may be followed by a change that is read now
  if (progress.look) progress.look.seen = new Remembered()
  let handled = 0
  for await (const objects of ahead(batchesOf(touched), AHEAD, (batch, signal) => reread(reading, batch, signal), reading.signal)) {
    handled += objects.length
    const following = touched[handled]
    // to the first event of what follows the feed is followed with this batch
    const reached = following && { ...last, at: Math.max(last.at, following.since) }
    noteSettling(reading, progress, objects.flatMap(({ rows }) => rows ?? []), next.at)
    yield batchOf(reading, objects, reached && reading.bookmark({ ...progress, feed: reached }))
    reading.tell(touched.length - handled)
  }
}

function batchesOf(touched: TouchedObject[]): TouchedObject[][] {
  return Array.from({ length: Math.ceil(touched.length / BATCH_OBJECTS) }, (_, index) => touched.slice(index * BATCH_OBJECTS, (index + 1) * BATCH_OBJECTS))
}

/** Rows below an object take the place of all that were there. */
function batchOf(reading: Reading, read: Reread[], bookmark: Bookmark | undefined): RowsBatch {
  const removed = read.filter(({ rows }) => rows === null || reading.schema.nested)
  return reading.batch(read.flatMap(({ rows }) => rows ?? []), removed.map(({ id }) => reading.objects.removalOf(id)), bookmark)
}
