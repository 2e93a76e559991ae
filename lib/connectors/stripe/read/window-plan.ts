/** Before this Stripe had no objects: below it nothing is worth a split. */
const FIRST_OBJECT = Date.UTC(2010, 0, 1) / 1000
export const PAGE_ROWS = 100

/** A split pays when both halves have this many pages, by what is known of the density. */
const SPLIT_PAGES = 2
const CUTS_PER_PAGE = 2
/** How far below the newest page the beginning of all objects is looked for first, in pages. */
const REACH_PAGES = 64
/** Requests that splitting may cost beyond those that the rows need: a few at once, and a share of the pages read. */
const WASTE = { atOnce: 14, share: 0.045, ofEmpty: 1, ofOther: 0.5 }

/** A stretch of time [from, to) whose objects are read newest first, page by page. As pages come, `to` comes down to `from`. */
export interface Window {
  /** In unix seconds; 0: from the very first object on. */
  from: number
  /** Null: open, whatever is newest. */
  to: number | null
  /** The last object read; of the second before `to`, those that follow it are left. */
  after: string | null
}

/** A page of a window, as far as the plan needs to know it. */
export interface PageSeen {
  rows: number
  /** The time of its newest and of its oldest object; null without rows. */
  newest: number | null
  oldest: number | null
  last: string | null
  hasMore: boolean
}

interface Tracked extends Window {
  isAsked: boolean
  pages: number
  /** Objects a second at its upper end; null before its first page. */
  density: number | null
  /** One split for each page that came: before the next nothing more is known of it. */
  cutsLeft: number
  /** How far below it the last search for the beginning of all objects went, in seconds. */
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
  pages = 0
  rows = 0
  splits = 0
  empty = 0

  /** @param isCut may windows be cut? Not where the list has no filter by time. */
  constructor(
    windows: Window[],
    private readonly isCut: boolean,
  ) {
    this.windows = windows.map((window) => ({ ...window, isAsked: false, pages: 0, density: null, cutsLeft: 0, reach: 0 }))
  }

  get isDone(): boolean {
    return this.windows.length === 0
  }

  get underway(): number {
    return this.windows.filter(({ isAsked }) => isAsked).length
  }

  /**
   * A window to ask for its next page now; null when none is, or none that pays. With `mayCut`, one that others wait for may be cut for it.
   * The answer is told by `arrived`.
   */
  next(mayCut: boolean): Window | null {
    const window = this.windows.find(({ isAsked }) => !isAsked) ?? (mayCut ? this.cut() : null)
    if (window) window.isAsked = true
    return window
  }

  /** Takes a page in. Gives how many of its rows belong to the window: the rest is below it, since it was cut while the page was on its way. */
  arrived(window: Window, page: PageSeen): { isFinished: boolean; isBelow: boolean } {
    const tracked = this.windows.find((other) => other === window)
    if (!tracked) throw new Error('A page of a window that is not read')
    const upper = tracked.to ?? page.newest
    const isBelow = page.oldest !== null && page.oldest < tracked.from
    this.pages++
    tracked.isAsked = false
    tracked.cutsLeft = CUTS_PER_PAGE
    if (tracked.pages++ === 0) this.countFirst(tracked, page)
    if (page.oldest !== null && upper !== null) {
      const density = page.rows / Math.max(1, upper - page.oldest)
      if (tracked.pages === 1 && tracked.to !== null) this.densityBelow.set(tracked.to, density)
      tracked.density = tracked.density === null ? density : (tracked.density + density) / 2
      tracked.to = page.oldest + 1
      tracked.after = page.last
    }
    const isFinished = !page.hasMore || isBelow
    if (isFinished) this.windows = this.windows.filter((other) => other !== tracked)
    return { isFinished, isBelow }
  }

  private countFirst(window: Tracked, { rows }: PageSeen): void {
    if (rows === 0) {
      this.empty++
      if (window.to !== null) this.densityBelow.set(window.to, 0)
    }
    this.wasted += rows === 0 ? WASTE.ofEmpty : WASTE.ofOther
  }

  /** How many objects may be left, by the densities seen; null when too little is known. */
  left(): number | null {
    let rows = 0
    for (const window of this.windows) {
      if (window.density === null || window.from === 0) return null
      rows += this.rowsLeft(window)
    }
    return Math.round(rows)
  }

  private rowsLeft(window: Tracked): number {
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
    let mostRows = 2 * SPLIT_PAGES * PAGE_ROWS
    for (const window of this.windows) {
      if (window.cutsLeft === 0) continue
      const rows = this.rowsLeft(window)
      if (rows < mostRows) continue
      most = window
      mostRows = rows
    }
    if (!most || most.to === null) return null
    const at = this.placeOfCut(most)
    if (at <= most.from || at >= most.to - 1) return null
    const older: Tracked = { from: most.from, to: at, after: null, isAsked: false, pages: 0, density: null, cutsLeft: 0, reach: most.to - at }
    most.from = at
    most.cutsLeft--
    this.windows.push(older)
    this.splits++
    return older
  }

  /** What the windows will cost that have not answered yet. */
  private firstsAwaited(): number {
    return this.windows.filter(({ pages }) => pages === 0).length * WASTE.ofOther
  }

  private placeOfCut(window: Tracked): number {
    const to = window.to ?? 0
    if (window.from === 0 && window.density) {
      // nobody knows yet where the objects begin: reach further each time, instead of halving all the years there could be
      const reach = Math.max((REACH_PAGES * PAGE_ROWS) / window.density, 2 * window.reach)
      const at = Math.floor(to - reach)
      if (at > FIRST_OBJECT) return at
    }
    const { lower, upper } = this.densities(window)
    return Math.floor(to - spanOf(window) * shareOfHalf(upper, lower))
  }
}

function spanOf({ from, to }: Window): number {
  return Math.max(0, (to ?? 0) - Math.max(from, FIRST_OBJECT))
}

/** At which part of a stretch, from its upper end, half of its objects lie, when the density goes evenly from `upper` to `lower`. */
function shareOfHalf(upper: number, lower: number): number {
  if (Math.abs(upper - lower) < 1e-9 * (upper + lower)) return 0.5
  return (upper - Math.sqrt((upper * upper + lower * lower) / 2)) / (upper - lower)
}
