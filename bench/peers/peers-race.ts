import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { changeRows, makeBenchTable } from '../bench-table'
import type { Bench } from '../bench-workspace'
import { median } from '../measure'
import type { Peers, Raced } from '../results'
import { findPsql, psqlSeconds, settleDisk } from '../source-limit'
import type { Absent, Attempt, Contender } from './contender'
import { findDlt } from './dlt'
import { findIngestr } from './ingestr'
import type { Ran } from './process-tree'
import { otherTypes, sumsOfSource, sumsOfWritten, whatIsWrong, type Sums } from './right-rows'
import { findSling } from './sling'
import { tributary } from './tributary'

interface Sizes {
  rows: number
  changed: number
  rounds: number
}

/** What one contender did in all rounds. */
interface Record {
  loads: Ran[]
  merges: Ran[]
  wrong: string | null
  types: string | null
  failed: Raced['failed']
}

/**
 * The same table of the same server loaded by every contender that is to be had, in turns; then what changed, merged. Times count of rows that are right.
 * `onRound` is given what is known after each round: a race of an hour may be ended before its last.
 */
export async function peersRace(bench: Bench, sizes: Sizes, onRound: (peers: Peers) => void): Promise<Peers> {
  const found = [tributary(bench), ...(await Promise.all([orAbsent('dlt', findDlt), orAbsent('Sling', findSling), orAbsent('ingestr', findIngestr)]))]
  const all = found.filter((each): each is Contender => 'enter' in each)
  const records = new Map(all.map((each) => [each.name, { loads: [], merges: [], wrong: null, types: null, failed: null } as Record]))
  const table = await makeBenchTable(bench.sourceUrl, sizes.rows)
  const psql = findPsql()
  const limits: number[] = []
  const known = (round: number): Peers => ({ ...sizes, rounds: round, limit: limits.length ? median(limits) : null, raced: found.map((each) => ('enter' in each ? told(each, recordOf(records, each)) : skipped(each))) })
  let sums = await sumsOfSource(bench.sourceUrl, table)
  for (let round = 1; round <= sizes.rounds; round++) {
    const contenders = all.filter(({ isSlow }) => round === 1 || !isSlow)
    const attempts = new Map<string, Attempt>()
    const folder = mkdtempSync(path.join(tmpdir(), 'tributary-peers-'))
    if (psql) limits.push(await psqlSeconds(psql, bench.sourceUrl, table))
    try {
      for (const contender of contenders) attempts.set(contender.name, await load(contender, { url: bench.sourceUrl, table }, mkdtempSync(path.join(folder, 'one-')), recordOf(records, contender), round === 1 ? sums : null))
      await changeRows(bench.sourceUrl, table, sizes.changed, sizes.rows, round)
      sums = await sumsOfSource(bench.sourceUrl, table)
      for (const contender of contenders) await merge(attempts.get(contender.name), recordOf(records, contender), sums)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    onRound(known(round))
    for (const each of known(round).raced) print(each)
  }
  return known(sizes.rounds)
}

async function orAbsent(name: string, find: () => Promise<Contender>): Promise<Contender | Absent> {
  try {
    return await find()
  } catch (error) {
    return { name, reason: error instanceof Error ? error.message : String(error) }
  }
}

function recordOf(records: Map<string, Record>, { name }: Contender): Record {
  const record = records.get(name)
  if (!record) throw new Error(`${name} does not take part`)
  return record
}

/** `sums`: those of the source, to compare with; the rows of later rounds are compared after their merge, all of them again. */
async function load(contender: Contender, course: { url: string; table: string }, folder: string, record: Record, sums: Sums | null): Promise<Attempt> {
  const attempt = await contender.enter(course, folder)
  await settleDisk()
  if (!record.failed) await orFailed(record, 'the load', async () => {
    record.loads.push(await attempt.load())
    if (sums) await compare(attempt, record, sums, 'after the load')
  })
  return attempt
}

async function merge(attempt: Attempt | undefined, record: Record, sums: Sums): Promise<void> {
  if (!attempt || record.failed) return
  await settleDisk()
  await orFailed(record, 'the merge', async () => {
    record.merges.push(await attempt.merge())
    await compare(attempt, record, sums, 'after the merge')
  })
}

async function orFailed(record: Record, what: string, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    record.failed = { what, words: error instanceof Error ? error.message : String(error) }
  }
}

async function compare(attempt: Attempt, record: Record, sums: Sums, when: string): Promise<void> {
  const seen = await sumsOfWritten(await attempt.written())
  const wrong = whatIsWrong(sums, seen)
  if (wrong) record.wrong ??= `${when} ${wrong}`
  record.types = otherTypes(seen)
}

function told({ name, version, way }: Contender, { loads, merges, wrong, types, failed }: Record): Raced {
  return { name, version, way, skipped: null, failed, load: together(loads), merge: together(merges), wrong, types }
}

function together(ran: Ran[]): Raced['load'] {
  if (!ran.length) return null
  const times = ran.map(({ seconds }) => seconds)
  const inner = ran.flatMap((each) => each.inner ?? [])
  return { seconds: median(times), times, inner: inner.length ? median(inner) : null, megabytes: Math.max(...ran.map(({ megabytes }) => megabytes)) }
}

function skipped({ name, reason }: Absent): Raced {
  return { name, version: '', way: '', skipped: reason, failed: null, load: null, merge: null, wrong: null, types: null }
}

function print({ name, version, skipped: reason, failed, load: loaded, merge: merged, wrong, types }: Raced): void {
  if (reason) return console.log(`${name}: skipped: ${reason}`)
  const shown = (part: Raced['load']) => (part ? `${part.seconds.toFixed(1)} s (${part.times.map((time) => time.toFixed(1)).join(', ')}${part.inner === null ? '' : `; inside ${part.inner.toFixed(1)}`}), ${part.megabytes} MB` : 'none')
  const verdict = failed ? `FAILED: ${failed.what}: ${failed.words}` : wrong ? `WRONG: ${wrong}` : 'right'
  console.log(`${name} ${version}: load ${shown(loaded)}; merge ${shown(merged)}; ${verdict}${types ? `; other types: ${types}` : ''}`)
}
