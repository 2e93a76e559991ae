import type { RowsBatch } from '../../contract'
import { Remembered } from '../../remembered'
import type { LookBack, StripeObject } from '../stripe-schema'
import type { Progress } from './bookmark'
import type { RowsOfObject, Row } from './object-rows'
import type { Reading } from './reading'
import { planFor, readWindows, since, timeOf, type ListedPage } from './windows'
import type { Window } from './window-plan'

const HOUR = 3600
const DAY = 24 * HOUR

/** Lists the newest objects again, and those that are due to have changed by themselves, when it is time for it. */
export async function* lookBack(reading: Reading, progress: Progress): AsyncGenerator<RowsBatch> {
  const { schema } = reading
  const { look } = progress
  if (!schema.lookBack || !look) return
  let now = progress.feed?.at ?? null
  if (isDue(schema.lookBack, look.at, now)) {
    const seen = new Remembered()
    for await (const { at, found } of list(reading, progress, [since(Math.floor(look.at - schema.lookBack.days * DAY))])) {
      now ??= clockOf(at)
      const changed = found.filter(({ object, rows }) => isNew(seen, look.seen, JSON.stringify([object.id, rows])))
      if (changed.length > 0) yield batchOf(reading, changed)
    }
    look.at = Math.max(look.at, now ?? 0)
    look.seen = seen
  }
  const due = look.settling.takeDue(now ?? look.at)
  if (due.length === 0) return
  const windows = due.map(({ from, to }) => ({ from, to, after: null, place: null }))
  for await (const { found } of list(reading, progress, windows)) if (found.length > 0) yield batchOf(reading, found)
}

/** Notes which rows will change by themselves. @param now Stripe's clock, in unix seconds. */
export function noteSettling({ schema }: Reading, { look }: Progress, rows: Row[], now: number): void {
  const settlesAt = schema.lookBack?.settlesAt
  if (!settlesAt || !look || schema.nested) return
  for (const row of rows) {
    const object = row as StripeObject // a row that is not nested is the object itself
    const at = settlesAt(object)
    const created = timeOf(schema.list, object)
    if (at !== null && created !== null) look.settling.add(created, at, now)
  }
}

/** @param at Stripe's clock; our own where it does not tell it. */
export function clockOf(at: number | null): number {
  return at ?? Math.floor(Date.now() / 1000)
}

function isDue({ everyHours }: LookBack, last: number, now: number | null): boolean {
  return now === null || now - last >= everyHours * HOUR
}

interface Found {
  object: StripeObject
  rows: RowsOfObject
}

async function* list(reading: Reading, progress: Progress, windows: Window[]): AsyncGenerator<{ at: number | null; found: Found[] }> {
  const { schema, objects, requests, signal } = reading
  const finish = async (page: ListedPage, stop: AbortSignal) => {
    noteSettling(reading, progress, page.objects, clockOf(page.at))
    return { at: page.at, found: await Promise.all(page.objects.map(async (object) => ({ object, rows: await objects.of(object, stop) }))) }
  }
  yield* readWindows(requests, { list: schema.list, plan: planFor(schema.list, windows), finish }, signal)
}

function isNew(seen: Remembered, before: Remembered, text: string): boolean {
  seen.add(text)
  return !before.has(text)
}

/** Of nested rows, those that are no longer there leave too. */
function batchOf(reading: Reading, found: Found[]): RowsBatch {
  const removed = found.filter(({ rows }) => rows === null || reading.schema.nested)
  return reading.batch(found.flatMap(({ rows }) => rows ?? []), removed.map(({ object }) => reading.objects.removalOf(object.id)))
}
