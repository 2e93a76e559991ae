/** Before this Stripe had no objects: below it nothing is worth a cut. */
const FIRST_OBJECT = Date.UTC(2010, 0, 1) / 1000
export const PAGE_ROWS = 100

/** A window is cut when it has this many pages left, by what is known of the density. */
const CUT_PAGES = 4
const CUTS_PER_PAGE = 2
/** How far below the newest page the beginning of all objects is looked for first, in pages. */
const REACH_PAGES = 64
/** The usual density counts like so many pages of a window's own. */
const PRIOR_PAGES = 2
/** Requests that cutting may cost beyond those that the rows need: a few at once, and a share of the pages read. */
const WASTE = { atOnce: 20, share: 0.08, ofEmpty: 1, ofOther: 0.5 }

/** A stretch of time [from, to) whose objects are read newest first, page by page. */
export interface Window {
  /** In unix seconds; 0: from the very first object on. */
  from: number
  /** Null: open, whatever is newest. */
  to: number | null
  /** The object after which its next page begins; null: it begins at `to`. */
  after: string | null
  /** The second of that object: what is left lies in it and below. Null: not known. */
  place: number | null
}

/** A page of a window, as far as the plan needs to know it. */
export interface PageSeen {
  rows: number
  /** The time of its newest and of its oldest object; null when they tell none. */
  newest: number | null
  oldest: number | null
  last: string | null
  hasMore: boolean
  /** Do the times fall from row to row? Only then does the last row tell where the rest is. */
  isOrdered: boolean
}

/** What was read: so many objects, made within so many seconds. */
interface Seen {
  rows: number
  seconds: number
}

interface Tracked extends Window {
  isAsked: boolean
  pages: number
  seen: Seen
  /** Objects a second at its upper end; null before its first page. */
  density: number | null
  /** So many for each page that came: before the next nothing more is known of it. */
  cutsLeft: number
  /** How far below its upper end the beginning of all objects was looked for, in seconds. */
  reach: number
}

/**
 * Which window is asked for its next page, and when one is cut in two so that more can be asked for at once. How many objects a
 * stretch of time has is only learned by reading it: the densities seen at both of its ends tell where half of what is left may lie.
 * Pure: no clock, no network.
 */
export class WindowPlan {
  private windows: Tracked[]
  /** What the densities were below the places where windows were cut. */
  private readonly densityBelow = new Map<number, number>()
  private wasted = 0
  /** How many windows there were so far, and how many pages they had. */
  began: number
  pages = 0
  private readonly seen: Seen = { rows: 0, seconds: 0 }

  /** @param isCut may windows be cut? Not where the list has no filter by time. */
  constructor(
    windows: Window[],
    private readonly isCut: boolean,
  ) {
    this.windows = windows.map(tracked)
    this.began = windows.length
  }

  /** What is not read yet, as a later plan can be made from it. */
  left(): Window[] {
    return this.windows.map(({ from, to, after, place }) => ({ from, to, after, place }))
  }

  /**
   * A window to ask for its next page now: of those that wait the one that has most left, so that all end at about the same time; if
   * none waits, the older part of one that is cut for it. Null when that does not pay. The answer is told by `arrived`.
   */
  next(): Window | null {
    let next: Tracked | null = null
    for (const window of this.windows) if (!window.isAsked && (!next || this.urgency(window) > this.urgency(next))) next = window
    next ??= this.cut()
    if (next) next.isAsked = true
    return next
  }

  /** Takes a page in. A window that was cut while its page was on its way may get rows of the older part with it, which are read there. */
  arrived(window: Window, page: PageSeen): void {
    const known = this.known(window)
    this.pages++
    known.isAsked = false
    if (known.pages++ === 0) this.countFirst(known, page)
    const isOrdered = page.isOrdered && (known.place === null || page.newest === null || page.newest <= known.place)
    if (isOrdered && page.oldest !== null) this.goDown(known, page, page.oldest)
    else known.place = null
    known.after = page.last
    const isBelow = isOrdered && page.oldest !== null && page.oldest < known.from
    if (page.hasMore && page.rows > 0 && !isBelow) return
    if (known.from > 0) this.seen.seconds += spanOf(known) // what is left of it is known to be empty
    this.windows = this.windows.filter((other) => other !== known)
  }

  /** The object after which its next page should begin is gone: what is left begins at the second in which that was. */
  lostPlace(window: Window): void {
    const known = this.known(window)
    if (known.place !== null) known.to = known.place + 1
    known.after = null
    known.place = null
  }

  /**
   * How many objects may be left; null when nobody knows yet how far back they go. A window's own density counts the more, the more of
   * it was read: a burst in one of its seconds says little about its months.
   */
  rowsLeft(): number | null {
    const usual = this.seen.rows / this.seen.seconds
    if (!(usual > 0) || this.windows.some(({ from }) => from === 0)) return null
    const prior = (PRIOR_PAGES * PAGE_ROWS) / usual
    return Math.round(this.windows.reduce((rows, window) => rows + (spanOf(window) * (window.seen.rows + prior * usual)) / (window.seen.seconds + prior), 0))
  }

  private known(window: Window): Tracked {
    const known = this.windows.find((other) => other === window)
    if (!known) throw new Error('A page of a window that is not read')
    return known
  }

  private goDown(window: Tracked, page: PageSeen, oldest: number): void {
    const upper = upperOf(window) ?? page.newest ?? oldest
    const density = page.rows / Math.max(1, upper - oldest)
    for (const seen of [window.seen, this.seen]) {
      seen.rows += page.rows
      seen.seconds += Math.max(0, upper - oldest)
    }
    if (window.pages === 1 && window.to !== null) this.densityBelow.set(window.to, density)
    window.density = window.density === null ? density : (window.density + density) / 2
    window.place = oldest
    window.cutsLeft = CUTS_PER_PAGE
  }

  private countFirst(window: Tracked, { rows }: PageSeen): void {
    if (rows === 0 && window.to !== null) this.densityBelow.set(window.to, 0)
    this.wasted += rows === 0 ? WASTE.ofEmpty : WASTE.ofOther
  }

  /** What nobody has looked into may hold anything. */
  private urgency(window: Tracked): number {
    return window.density === null ? Infinity : this.rowsIn(window)
  }

  private rowsIn(window: Tracked): number {
    const { lower, upper } = this.densities(window)
    return ((lower + upper) / 2) * spanOf(window)
  }

  private densities(window: Tracked): { lower: number; upper: number } {
    const upper = window.density ?? 0
    return { upper, lower: this.densityBelow.get(window.from) ?? upper }
  }

  /** Cuts the window that has most left, and gives its older part. */
  private cut(): Tracked | null {
    if (!this.isCut || this.wasted + this.firstsAwaited() > WASTE.atOnce + WASTE.share * this.pages) return null
    let most: Tracked | null = null
    let mostRows = CUT_PAGES * PAGE_ROWS
    for (const window of this.windows) {
      if (window.cutsLeft === 0 || window.place === null) continue
      const rows = this.rowsIn(window)
      if (rows < mostRows) continue
      most = window
      mostRows = rows
    }
    const upper = most && upperOf(most)
    if (!most || upper === null) return null
    const at = this.placeOfCut(most, upper)
    if (at <= most.from || at >= upper - 1) return null
    const older = { ...tracked({ from: most.from, to: at, after: null, place: null }), reach: upper - at }
    most.from = at
    most.cutsLeft--
    this.windows.push(older)
    this.began++
    return older
  }

  /** What the windows will cost that have not answered yet. */
  private firstsAwaited(): number {
    return this.windows.filter(({ pages }) => pages === 0).length * WASTE.ofOther
  }

  private placeOfCut(window: Tracked, upper: number): number {
    if (window.from === 0 && window.density) {
      // nobody knows yet where the objects begin: reach further each time, instead of halving all the years there could be
      const reach = Math.max((REACH_PAGES * PAGE_ROWS) / window.density, 2 * window.reach)
      const at = Math.floor(upper - reach)
      if (at > FIRST_OBJECT) return at
    }
    const { lower, upper: density } = this.densities(window)
    return Math.floor(upper - spanOf(window) * shareOfHalf(density, lower))
  }
}

function tracked(window: Window): Tracked {
  return { ...window, isAsked: false, pages: 0, seen: { rows: 0, seconds: 0 }, density: null, cutsLeft: 0, reach: 0 }
}

/** Above it nothing is left, but for the objects of the second below it that follow the last one read. */
function upperOf({ to, place }: Window): number | null {
  return place === null ? to : place + 1
}

function spanOf(window: Window): number {
  return Math.max(0, (upperOf(window) ?? 0) - Math.max(window.from, FIRST_OBJECT))
}

/** At which part of a stretch, from its upper end, half of its objects lie, when the density goes evenly from `upper` to `lower`. */
function shareOfHalf(upper: number, lower: number): number {
  if (Math.abs(upper - lower) < 1e-9 * (upper + lower)) return 0.5
  return (upper - Math.sqrt((upper * upper + lower * lower) / 2)) / (upper - lower)
}
