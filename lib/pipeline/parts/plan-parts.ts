import { compareKey } from '@/lib/connectors/compare-key'
import type { Division, SourceSnapshot } from '@/lib/connectors/contract'
import { limits } from '@/lib/core/limits'
import { PartsBookmark } from '@/lib/db/read-checkpoints'
import type { VersionColumn } from '@/lib/warehouse/version'
import type { Resumed } from '../checkpoint'
import type { SyncPlan } from '../plan'
import type { SyncJob } from '../types'
import { joined, type Stretch } from './parts-left'

/** How a big table is read: part by part, so that an interrupted read goes on with the part that it was at. */
export interface Parts {
  division: Division
  /** Parts that were read before, at other moments. */
  read: Stretch[]
  /** How many of the staged files each of those moments gave, in their order. */
  moments: number[]
  /** By which rows of two moments are told to be the same one. */
  key: VersionColumn[]
}

/** What an interrupted read left is of no use after all. */
export class BeginAnew extends Error {
  constructor(readonly reason: string) {
    super(reason)
  }
}

/** Can a checkpoint of such a plan be there? */
export function mayBeInParts({ tracked, since, mode, isCompareOnly }: SyncPlan): boolean {
  return !isCompareOnly && tracked === null && since === null && mode === 'replace'
}

/**
 * Decide whether a read of everything is cut into parts. Parts that are read at two moments are only of use when the table can be compared with its
 * source afterwards, by a key that both order in the same way.
 */
export async function planParts(job: SyncJob, plan: SyncPlan, snapshot: SourceSnapshot | null, resumed: Resumed | null): Promise<Parts | null> {
  const before = resumed && mayBeInParts(plan) ? bookmarkOf(resumed) : null
  const { fromBytes, bytes: partBytes } = job.parts ?? limits.parts
  const { bytesEstimate, location } = job.discovered
  const isShort = !mayBeInParts(plan) || (bytesEstimate !== null && bytesEstimate < fromBytes / 2)
  if (!snapshot?.divide || (isShort && !before)) return null
  const key = keyOf(job, plan, snapshot)
  const division = typeof key === 'string' ? key : await snapshot.divide({ location, fromBytes, partBytes, former: before?.division ?? null })
  if (division === null) return null
  if (typeof key === 'string' || typeof division === 'string') {
    const refusal = typeof key === 'string' ? key : String(division)
    if (before) throw new BeginAnew(refusal)
    if ((bytesEstimate ?? fromBytes) >= fromBytes) job.log('info', `An interrupted load of this table begins anew: ${refusal}`)
    return null
  }
  if (before && !isSame(division, before.division)) throw new BeginAnew('its source keeps the rows in another place than then, as after VACUUM FULL, CLUSTER or TRUNCATE')
  if (!before) job.log('info', `Reading in ${division.parts} parts: an interrupted load goes on with the part that it was at`)
  const read = before ? joined([{ from: 0, to: before.read }, ...before.ahead.map(([from, to]) => ({ from, to }))]) : []
  return { division, key, read, moments: before?.moments ?? [] }
}

export function asBookmark({ division, read, moments }: Pick<Parts, 'division' | 'read' | 'moments'>): PartsBookmark {
  const begun = read[0]?.from === 0 ? read[0].to : 0
  return { division, read: begun, ahead: read.filter(({ from }) => from >= begun && from > 0).map(({ from, to }): [number, number] => [from, to]), moments }
}

function bookmarkOf({ bookmark, files }: Resumed): PartsBookmark {
  const parsed = PartsBookmark.safeParse(bookmark)
  if (!parsed.success || parsed.data.moments.reduce((sum, count) => sum + count, 0) !== files.length) throw new BeginAnew('how far it had come was written down in another way')
  return parsed.data
}

function keyOf({ discovered, method, keyColumns }: SyncJob, { read }: SyncPlan, { summarise }: SourceSnapshot): VersionColumn[] | string {
  const found = compareKey(discovered, method === 'incremental' ? keyColumns : undefined)
  if ('refusal' in found) return found.refusal
  if (!summarise) return 'its source cannot be asked for checksums'
  const key = found.key.flatMap((name) => read.find(({ source }) => source.name === name)?.target ?? [])
  return key.length === found.key.length ? key : 'its primary key is not among the chosen columns'
}

function isSame(a: Division, b: Division): boolean {
  return a.parts === b.parts && JSON.stringify(Object.entries(a.by).sort()) === JSON.stringify(Object.entries(b.by).sort())
}
