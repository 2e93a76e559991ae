import { NotInOrder, type ListedObject } from './object-access'

/** A part of a listing: the keys behind `after`, up to and with `last`, in the order of their bytes. */
export interface KeyRange {
  after?: string
  last?: string
}

/** The parts of a listing that is divided at these keys, which are in order. */
export function rangesAt(keys: string[]): KeyRange[] {
  return [...keys, undefined].map((last, index) => {
    const after = keys[index - 1]
    return { ...(after !== undefined && { after }), ...(last !== undefined && { last }) }
  })
}

/**
 * The objects of a page that belong to a range, and whether it ends in this page. A store that does not begin where it was asked to
 * costs time and nothing else; one that lists in another order is found out with NotInOrder, for the range would end too soon. `before`: the last key of the page before.
 */
export function partOf(page: ListedObject[], { after, last }: KeyRange, before: string | undefined): { objects: ListedObject[]; isEnd: boolean } {
  if (after === undefined && last === undefined) return { objects: page, isEnd: false }
  let former = before
  for (const { key } of page) {
    if (former !== undefined && !isBefore(former, key)) throw new NotInOrder()
    former = key
  }
  const [first] = page
  const startsBefore = first !== undefined && after !== undefined && !isBefore(after, first.key)
  const isEnd = former !== undefined && last !== undefined && isBefore(last, former)
  if (!startsBefore && !isEnd) return { objects: page, isEnd }
  return { objects: page.filter(({ key }) => (after === undefined || isBefore(after, key)) && (last === undefined || !isBefore(last, key))), isEnd }
}

/** From here on, the order of texts is not that of their bytes in UTF-8. */
const BEYOND = /[\ud800-\uffff]/

function isBefore(a: string, b: string): boolean {
  return BEYOND.test(a) || BEYOND.test(b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 : a < b
}
