import { z } from 'zod'
import type { Bookmark } from '@/lib/connectors/contract'
import { Remembered } from '@/lib/connectors/remembered'

/** In microseconds. The service shows things up to a minute late: so much before the bookmark is read again. */
const OVERLAP = 60 * 1_000_000
/** So that a bookmark with two of them stays below 64 kB, at twelve characters each. */
const MOST = 2000

const StoredPlace = z.strictObject({ until: z.int().min(0), seen: z.string().regex(/^([A-Za-z0-9_-]{12})*$/) })
const HelpdeskBookmark = z.strictObject({ version: z.literal(1), tickets: StoredPlace, deletions: StoredPlace })

/** How far a list was read, and what was handed out of the overlap before that. */
export class Place {
  private readonly seen: Remembered

  constructor(
    public until: number,
    seen = '',
  ) {
    this.seen = new Remembered(seen, until)
  }

  /** From where to read: inclusive, with the overlap. */
  get from(): number {
    return Math.max(0, this.until - OVERLAP)
  }

  /** Notes a thing and its time; false when it was handed out before, just as it is. */
  isNew(text: string, at: number): boolean {
    const isNew = !this.seen.has(text)
    this.until = Math.max(this.until, at)
    this.seen.add(text, at)
    return isNew
  }

  stored(): z.infer<typeof StoredPlace> {
    return { until: this.until, seen: this.seen.toText(MOST, this.from) }
  }
}

/** Two places: a change would else carry the place of deletions past one that was not read yet. */
export interface Progress {
  tickets: Place
  deletions: Place
}

/** Null when it is none of ours. */
export function readBookmark(bookmark: Bookmark | undefined): Progress | null {
  const { data } = HelpdeskBookmark.safeParse(bookmark)
  return data ? { tickets: new Place(data.tickets.until, data.tickets.seen), deletions: new Place(data.deletions.until, data.deletions.seen) } : null
}

export function writeBookmark({ tickets, deletions }: Progress): Bookmark {
  const bookmark: z.input<typeof HelpdeskBookmark> = { version: 1, tickets: tickets.stored(), deletions: deletions.stored() }
  return bookmark
}
