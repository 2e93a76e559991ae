import type { RowsOfObject } from './object-rows'
import type { Reading } from './reading'
import type { TouchedObject } from './touches'
import { WindowPlan } from './window-plan'
import { readWindows, type ListedPage } from './windows'

export interface Reread {
  id: string
  rows: RowsOfObject
}

/** A page of the list must bring so many objects that were touched: it takes longer and is bigger than what one of them needs. */
const WORTH_A_PAGE = 5
/** Pages after which it is known whether they bring enough. */
const TRIED_PAGES = 2

/** Reads objects again as they are now: those that stand close together in the list, as new ones do, by its pages, and the others one by one. */
export async function reread(reading: Reading, touched: TouchedObject[], signal: AbortSignal): Promise<Reread[]> {
  const listed = await rereadListed(reading, touched, signal)
  return Promise.all(
    touched.map(async ({ id, isGone }) => {
      const rows = listed.get(id)
      return { id, rows: rows !== undefined ? rows : isGone ? null : await reading.objects.again(id, signal) }
    }),
  )
}

/** Only what was made about when its first event came: older objects are scattered over the whole list. */
async function rereadListed(reading: Reading, touched: TouchedObject[], signal: AbortSignal): Promise<Map<string, RowsOfObject>> {
  const { schema, objects, requests } = reading
  const { list, nested } = schema
  const found = new Map<string, RowsOfObject>()
  const wanted = new Map(touched.flatMap(({ id, created, isGone, isNew }) => (isNew && !isGone && created !== null ? [[id, created]] : [])))
  if (list.createdField === null || nested?.field === null || wanted.size < WORTH_A_PAGE * TRIED_PAGES) return found
  const times = [...wanted.values()]
  const window = { from: Math.min(...times), to: Math.max(...times) + 1, after: null, place: null }
  const finish = async (page: ListedPage, stop: AbortSignal) =>
    Promise.all(page.objects.filter(({ id }) => wanted.has(id)).map(async (object) => ({ id: object.id, rows: await objects.of(object, stop) })))
  let pages = 0
  for await (const page of readWindows(requests, { list, plan: new WindowPlan([window], false), finish }, signal)) {
    for (const { id, rows } of page) found.set(id, rows)
    pages++
    if (found.size === wanted.size || (pages >= TRIED_PAGES && found.size < pages * WORTH_A_PAGE)) break
  }
  return found
}
