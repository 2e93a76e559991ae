import { AppError } from '@/lib/core/errors'
import type { StripeQuery } from '../stripe-client'
import { isMissingCursor } from '../stripe-error'
import type { StripeList, StripeObject } from '../stripe-schema'
import type { Requests } from './requests'
import { PAGE_ROWS, WindowPlan, type PageSeen, type Window } from './window-plan'

/** Pages that wait for a slow consumer, in bytes as they came over the wire; an unpacked page takes several times as much. */
const WAITING_BYTES = 16 * 1024 * 1024

export interface ListedPage {
  objects: StripeObject[]
  bytes: number
  /** Stripe's clock. */
  at: number | null
  /** The time of its oldest object, when the page is in order of time. */
  oldest: number | null
}

export interface WindowsWork<Done> {
  list: StripeList
  /** Beside what the list always has. */
  query?: StripeQuery
  plan: WindowPlan
  /**
   * Called as each page arrives, when the plan knows of it; what it gives is handed out in this order, so that what is left of the
   * plan then is what pages handed out later, or never, must bring.
   */
  finish(page: ListedPage, signal: AbortSignal): Promise<Done>
}

export const WHOLE: Window = { from: 0, to: null, after: null, place: null }

/** Everything from a time on. */
export function since(from: number): Window {
  return { ...WHOLE, from: Math.max(0, from) }
}

export function planFor({ createdField }: StripeList, windows: Window[]): WindowPlan {
  return new WindowPlan(windows, createdField !== null)
}

/**
 * Reads the windows of a plan, so many pages at once as pay, and hands out what became of each page. However slow the consumer is,
 * no more than `requests.most` pages are asked for and not taken. Leaving early, or a failure, ends all that is under way.
 */
export async function* readWindows<Done>(requests: Requests, work: WindowsWork<Done>, signal: AbortSignal): AsyncGenerator<Done> {
  const reader = new WindowsReader(requests, work, signal)
  try {
    yield* reader.taken()
  } finally {
    await reader.end()
  }
}

class WindowsReader<Done> {
  private readonly stop = new AbortController()
  private readonly signal: AbortSignal
  private readonly underWay = new Set<Promise<void>>()
  private readonly ready: { done: Promise<Done>; bytes: number }[] = []
  /** The ids of a window's last page, where its times do not tell how to go on. */
  private readonly trails = new Map<Window, string[]>()
  private waitingBytes = 0
  private isFailed = false
  private wake = (): void => undefined

  constructor(
    private readonly requests: Requests,
    private readonly work: WindowsWork<Done>,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.stop.signal])
  }

  async *taken(): AsyncGenerator<Done> {
    for (;;) {
      this.fill()
      const next = this.ready[0]
      if (next) {
        const done = await next.done
        this.ready.shift()
        this.waitingBytes -= next.bytes
        this.fill()
        yield done
      } else if (this.underWay.size > 0) {
        await new Promise<void>((resolve) => (this.wake = resolve))
      } else {
        return
      }
    }
  }

  async end(): Promise<void> {
    this.stop.abort()
    await Promise.allSettled([...this.underWay, ...this.ready.map(({ done }) => done)])
  }

  private fill(): void {
    while (this.mayAsk()) {
      const window = this.work.plan.next()
      if (!window) return
      const asked = this.readPage(window).finally(() => {
        this.underWay.delete(asked)
        this.wake()
      })
      this.underWay.add(asked)
    }
  }

  private mayAsk(): boolean {
    const pages = this.underWay.size + this.ready.length
    if (this.isFailed || pages >= this.requests.most || this.waitingBytes >= WAITING_BYTES) return false
    return pages === 0 || this.requests.room > 0
  }

  private async readPage(window: Window): Promise<void> {
    try {
      const { data, hasMore, bytes, at } = await this.ask(window)
      const seen = pageSeen(this.work.list, data, hasMore)
      if (seen.last !== null && seen.last === window.after) throw strangePage(this.work.list, 'it gave the same page twice')
      if (seen.place === null || this.work.list.createdField === null) this.trails.set(window, data.map(({ id }) => id))
      else this.trails.delete(window)
      this.work.plan.arrived(window, seen)
      const objects = withinWindow(this.work.list, data, window)
      this.hand(this.work.finish({ objects, bytes, at, oldest: seen.place }, this.signal), bytes)
      this.fill()
    } catch (error) {
      this.hand(Promise.reject(error), 0)
    }
  }

  private hand(done: Promise<Done>, bytes: number): void {
    done.catch(() => (this.isFailed = true)) // it is thrown when its turn comes; until then nothing more is asked for
    this.ready.push({ done, bytes })
    this.waitingBytes += bytes
  }

  /** The next page of a window. When the object after which it should begin is gone, from a place that is known. */
  private async ask(window: Window) {
    const { list, query, plan } = this.work
    for (;;) {
      try {
        return await this.requests.list(list.path, { ...list.query, ...(list.expand && { expand: list.expand }), ...query, ...pageQuery(list, window) }, this.signal)
      } catch (error) {
        if (!isMissingCursor(error) || window.after === null) throw error
        const trail = this.trails.get(window) ?? []
        const before = trail.slice(0, Math.max(0, trail.indexOf(window.after)))
        const after = before.at(-1)
        if (after === undefined) plan.lostPlace(window)
        else window.after = after
      }
    }
  }
}

function pageQuery({ createdField }: StripeList, { from, to, after }: Window): StripeQuery {
  const times = createdField === null ? {} : { ...(from > 0 && { 'created[gte]': String(from) }), ...(to !== null && { 'created[lt]': String(to) }) }
  return { limit: String(PAGE_ROWS), ...times, ...(after !== null && { starting_after: after }) }
}

function pageSeen(list: StripeList, objects: StripeObject[], hasMore: boolean): PageSeen & { place: number | null } {
  for (const { object } of objects) if (object !== list.object) throw strangePage(list, `it holds “${object}” where “${list.object}” was asked for`)
  const times = objects.map((object) => timeOf(list, object))
  const isOrdered = times.every((time, index) => time !== null && (index === 0 || time <= (times[index - 1] ?? 0)))
  const newest = isOrdered ? (times[0] ?? null) : null
  const oldest = isOrdered ? (times.at(-1) ?? null) : null
  return { rows: objects.length, newest, oldest, last: objects.at(-1)?.id ?? null, hasMore, isOrdered, place: oldest }
}

/** When an object was created, in unix seconds; null where it does not tell. */
export function timeOf({ createdField }: StripeList, object: StripeObject): number | null {
  const time = object[createdField ?? 'created']
  return typeof time === 'number' ? time : null
}

/** Without what a cut, made while the page was on its way, left to the older part. */
function withinWindow(list: StripeList, objects: StripeObject[], { from }: Window): StripeObject[] {
  return objects.filter((object) => (timeOf(list, object) ?? from) >= from)
}

function strangePage({ path }: StripeList, detail: string): AppError {
  return new AppError('source', {
    title: 'Stripe sent a list that is none',
    detail: `${path}: ${detail}`,
    advice: 'Check the address of the API; at Stripe itself try again, and report it if it stays',
  })
}
