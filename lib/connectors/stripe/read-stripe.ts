import { ChangesLost } from '../changes-lost'
import type { Bookmark, ReadRequest, RowsBatch } from '../contract'
import type { StripeConfig } from './config'
import { requireSchemaAt } from './location'
import { readBookmark, type Progress } from './read/bookmark'
import { isKept } from './read/feed'
import { followChanges } from './read/follow'
import { beginLoad, readLoad } from './read/load'
import { clockOf } from './read/look-back'
import { Reading } from './read/reading'
import { EVENTS } from './catalogue/records'
import { openStripe } from './stripe-client'
import { stripeError } from './stripe-error'

/**
 * Reads a list of Stripe: all of it, in windows of time side by side, and then what changed meanwhile; or what changed since a
 * bookmark. It never tries anything again: our way to the outside does. Ending it early leaves nothing under way within a second.
 */
export async function* readStripe(config: StripeConfig, request: ReadRequest, signal: AbortSignal): AsyncGenerator<RowsBatch> {
  const schema = requireSchemaAt(request.location)
  const api = openStripe(config, request.observer?.log.bind(request.observer))
  const reading = new Reading(schema, config, api, signal, request.observer)
  try {
    signal.throwIfAborted()
    const progress = await progressOf(reading, request.changes?.bookmark)
    if (request.changes?.read === 'changes') {
      yield* followChanges(reading, requireFollowed(progress))
    } else {
      const begun = progress && (await isWorthResuming(reading, progress)) ? progress : await beginLoad(reading)
      if (begun.windows.length > 0) yield* readLoad(reading, begun)
      yield* followChanges(reading, begun)
    }
  } catch (error) {
    throw signal.aborted ? stripeError(error, config, signal) : error
  } finally {
    api.close()
    reading.logUsage()
  }
}

/** Null when the bookmark is none of ours, or of another account: a key that is new may be that of another. */
async function progressOf(reading: Reading, bookmark: Bookmark | undefined): Promise<Progress | null> {
  const progress = readBookmark(bookmark, reading.config)
  if (!progress || progress.isSameKey) return progress
  const account = await reading.account()
  return account !== null && progress.account !== null && account !== progress.account ? null : { ...progress, account: account ?? progress.account }
}

/** Changes can only be followed from the end of a load. */
function requireFollowed(progress: Progress | null): Progress {
  if (!progress) throw new ChangesLost('the last bookmark is of another account or another version of this connector')
  if (progress.windows.length > 0) throw new ChangesLost('the last load was not finished')
  if (!progress.feed && !progress.look) throw new ChangesLost('Stripe does not tell what changed in this list')
  return progress
}

/** A load that was interrupted goes on while Stripe still tells what changed since it began. */
async function isWorthResuming({ requests, signal }: Reading, { feed }: Progress): Promise<boolean> {
  if (!feed) return true
  const { at } = await requests.list(EVENTS.list.path, { limit: '1' }, signal)
  return isKept(feed.at, clockOf(at))
}
