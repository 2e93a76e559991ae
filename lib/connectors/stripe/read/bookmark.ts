import { z } from 'zod'
import type { Bookmark } from '../../contract'
import { Remembered } from '../../remembered'
import { isTestKey, type StripeConfig } from '../config'
import { Settling } from './settling'
import type { Window } from './window-plan'

/** So that a bookmark stays below 64 kB: at most 36 kB of events, 12 kB of rows, 12 kB of days. */
const MOST = { handled: 3000, seen: 1000, stretches: 400, windows: 128 }

const Second = z.int().min(0)
const Text = z.string().regex(/^([A-Za-z0-9_-]{12})*$/)

const StripeBookmark = z.strictObject({
  version: z.literal(1),
  /** Whose objects: an account as the config names it, and its mode; as Stripe names it, where it tells; and the key that read them. */
  of: z.string(),
  account: z.string().nullable(),
  key: Text,
  /** What a load has not read yet: [from, to, after, place]. */
  windows: z.array(z.tuple([Second, Second.nullable(), z.string().nullable(), Second.nullable()])).max(MOST.windows),
  /** Until when the feed was followed, by Stripe's clock, and which of the events shortly before were handled. */
  feed: z.strictObject({ at: Second, handled: Text }).nullable(),
  /** When the newest objects were looked at, which of them are known as they are, and when which objects settle. */
  look: z.strictObject({ at: Second, seen: Text, settling: z.array(z.tuple([Second, Second, Second])).max(MOST.stretches) }).nullable(),
})

/** How far a read has come. */
export interface Progress {
  /** Whose objects they are, where Stripe tells it. */
  account: string | null
  windows: Window[]
  feed: { at: number; handled: Remembered } | null
  look: { at: number; seen: Remembered; settling: Settling } | null
}

/**
 * Null when it is not one of ours, or of another account: the state of one account tells nothing of another. With `isSameKey` false, that
 * is not known before the account is asked for.
 */
export function readBookmark(bookmark: Bookmark | undefined, config: StripeConfig): (Progress & { isSameKey: boolean }) | null {
  const parsed = StripeBookmark.safeParse(bookmark)
  if (!parsed.success || parsed.data.of !== ownerOf(config)) return null
  const { account, key, windows, feed, look } = parsed.data
  return {
    account,
    isSameKey: new Remembered(key).has(config.api_key),
    windows: windows.map(([from, to, after, place]) => ({ from, to, after, place })),
    feed: feed && { at: feed.at, handled: new Remembered(feed.handled) },
    look: look && { at: look.at, seen: new Remembered(look.seen), settling: newSettling(look.settling) },
  }
}

export function writeBookmark({ account, windows, feed, look }: Progress, config: StripeConfig): Bookmark {
  const key = new Remembered()
  key.add(config.api_key)
  const bookmark: z.input<typeof StripeBookmark> = {
    version: 1,
    of: ownerOf(config),
    account,
    key: key.toText(1),
    windows: windows.map(({ from, to, after, place }) => [from, to, after, place]),
    feed: feed && { at: feed.at, handled: feed.handled.toText(MOST.handled) },
    look: look && { at: look.at, seen: look.seen.toText(MOST.seen), settling: look.settling.toJSON() },
  }
  return bookmark
}

export function newSettling(stored: ConstructorParameters<typeof Settling>[0] = []): Settling {
  return new Settling(stored, MOST.stretches)
}

function ownerOf(config: StripeConfig): string {
  return `${config.account_id ?? 'own'} ${isTestKey(config) ? 'test' : 'live'}`
}
