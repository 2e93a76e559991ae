import type { Batch, Bookmark, ReadRequest, SourceSnapshot } from '@/lib/connectors/contract'
import { limits } from '@/lib/core/limits'
import type { PartsBookmark } from '@/lib/db/read-checkpoints'
import type { ReadTotals } from '../batch-reader'
import { checkpointEveryMs } from '../checkpoint-pace'
import type { Stager } from '../stage'
import type { SyncJob } from '../types'
import type { Parts } from './plan-parts'

export interface PartsRead {
  snapshot: SourceSnapshot
  request: ReadRequest
  stager: Stager
  /** Of what was read so far. */
  totals: Readonly<ReadTotals>
  /** Saves how far the read has come; called once everything before it is staged. */
  keep(progress: { bookmark: Bookmark } & ReadTotals): Promise<void>
}

/**
 * The parts that are still to be read, one after the other from one moment of the source. After a part, now and then, what was staged is made safe: a
 * file never holds rows of a part that counts as read and of one that does not.
 */
export async function* readParts(job: SyncJob, parts: Parts, { snapshot, request, stager, totals, keep }: PartsRead): AsyncGenerator<Batch> {
  const { division, moments } = parts
  const filesBefore = moments.reduce((files, count) => files + count, 0)
  const began = performance.now()
  let kept = began
  const isDue = (now: number) => now - kept >= checkpointEveryMs(job.checkpointSeconds ?? limits.checkpointSeconds, now - began)
  for (let number = parts.read; number < division.parts; number++) {
    yield* snapshot.read({ ...request, part: { division, number } })
    const isLast = number === division.parts - 1
    // after the last part there is only the commit, unless it must be compared first, which may fail
    if (isLast ? !moments.length : !isDue(performance.now())) continue
    await stager.hand()
    const { rows, bytes } = totals
    stager.afterwards(() => {
      const bookmark: PartsBookmark = { division, read: number + 1, moments: [...moments, stager.files.length - filesBefore] }
      return keep({ bookmark, rows, bytes })
    })
    kept = performance.now()
  }
}
