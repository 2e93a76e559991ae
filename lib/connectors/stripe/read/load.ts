import type { RowsBatch } from '../../contract'
import { Remembered } from '../../remembered'
import { newSettling, type Progress } from './bookmark'
import { beginFeed } from './feed'
import { clockOf, noteSettling } from './look-back'
import { count, type Reading } from './reading'
import { planFor, readWindows, WHOLE, type ListedPage } from './windows'

/** Where a load begins: the feed is noted before anything is listed. */
export async function beginLoad(reading: Reading): Promise<Progress> {
  const { feed, lookBack } = reading.schema
  const [noted, account] = await Promise.all([feed && beginFeed(reading, feed), reading.account()])
  const look = lookBack ? { at: noted?.at ?? 0, seen: new Remembered(), settling: newSettling() } : null
  return { account, windows: [WHOLE], feed: noted, look }
}

/** Every object of the list that is not read yet. Each batch has a bookmark that holds the windows left. */
export async function* readLoad(reading: Reading, progress: Progress): AsyncGenerator<RowsBatch> {
  const { schema, objects, requests, signal } = reading
  const plan = planFor(schema.list, progress.windows)
  const finish = async (page: ListedPage, stop: AbortSignal) => {
    const now = clockOf(page.at)
    if (progress.look?.at === 0) progress.look.at = now
    noteSettling(reading, progress, page.objects, now)
    const bookmark = reading.bookmark({ ...progress, windows: plan.left() })
    const rows = await Promise.all(page.objects.map((object) => objects.of(object, stop)))
    return { rows: rows.flatMap((list) => list ?? []), objects: page.objects.length, bookmark }
  }
  let listed = 0
  for await (const page of readWindows(requests, { list: schema.list, plan, finish }, signal)) {
    yield reading.batch(page.rows, [], page.bookmark)
    listed += page.objects
    const left = plan.rowsLeft()
    // it is an estimate, and should look like one
    reading.tell(left === null ? null : Number(((left * reading.rows) / Math.max(1, listed)).toPrecision(2)))
  }
  progress.windows = []
  reading.log([count(plan.began, 'window'), count(plan.pages, 'page'), count(listed, 'object')].join(', '))
}
