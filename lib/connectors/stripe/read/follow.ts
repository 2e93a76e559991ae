import type { RowsBatch } from '../../contract'
import type { StripeFeed } from '../stripe-schema'
import { ahead } from './ahead'
import type { Progress } from './bookmark'
import { followFeed } from './feed'
import { lookBack, noteSettling } from './look-back'
import type { Row } from './object-rows'
import { count, type Reading } from './reading'
import { Remembered } from './remembered'
import { Touches, type TouchedObject } from './touches'

const BATCH_OBJECTS = 100

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
  const touches = new Touches(feed)
  for await (const { events } of followFeed(reading, feed, last, next)) for (const { event, isHandled } of events) touches.add(event, isHandled)
  const touched = touches.list()
  if (touched.length === 0) return
  reading.log(`${count(touched.length, 'object')} changed, by Stripe’s events`)
  // what was seen at the last look may be followed by a change that is read now
  if (progress.look) progress.look.seen = new Remembered()
  const reads = ahead(touched, reading.requests.most, async (object, signal) => ({ object, rows: object.isGone ? null : await reading.objects.again(object.id, signal) }), reading.signal)
  let done: { object: TouchedObject; rows: Row[] | null }[] = []
  let handled = 0
  for await (const read of reads) {
    done.push(read)
    handled++
    const following = touched[handled]
    if (done.length < BATCH_OBJECTS && following) continue
    yield batchOf(reading, done, progress, following && { ...last, at: Math.max(last.at, following.since) })
    reading.tell(following ? touched.length - handled : 0)
    done = []
  }
}

/** @param reached how far the feed is followed with this batch, when it is not the last: to the first event of what follows. */
function batchOf(reading: Reading, done: { object: TouchedObject; rows: Row[] | null }[], progress: Progress, reached: FeedProgress | undefined): RowsBatch {
  const { objects, schema } = reading
  const removed = done.filter(({ rows }) => rows === null || schema.nested)
  const rows = done.flatMap((read) => read.rows ?? [])
  noteSettling(reading, progress, rows, reached?.at ?? progress.feed?.at ?? 0)
  return reading.batch(rows, removed.map(({ object }) => objects.removalOf(object.id)), reached && reading.bookmark({ ...progress, feed: reached }))
}
