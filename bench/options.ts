import { parseArgs } from 'node:util'
import type { MergeSizes } from './merge-race'

export interface BenchOptions {
  /** Only the races whose names begin so; empty for all. `tables`: only make them. `write`: only put the last results into docs/bench.md. */
  only: string
  size: keyof typeof SIZES
  /** Where the source's database is kept between runs; undefined: nowhere. */
  keep: string | undefined
  /** Of the race against others; undefined: as many as its size has. */
  rounds: number | undefined
}

interface Sizes {
  full: number
  merge: MergeSizes
  query: number
  reconcile: number
  versions: number
  objects: number
  charges: number
  peers: { rows: number; changed: number; rounds: number }
}

const MILLION = 1_000_000

export const SIZES = {
  /** To see that a race runs; its figures say nothing. */
  short: { full: 0.3 * MILLION, merge: { changed: 10_000, rows: 0.2 * MILLION, more: 0.3 * MILLION }, query: 0.3 * MILLION, reconcile: 0.3 * MILLION, versions: 0.3 * MILLION, objects: 10_000, charges: 50_000, peers: { rows: 0.3 * MILLION, changed: 10_000, rounds: 1 } },
  usual: { full: 3 * MILLION, merge: { changed: 100_000, rows: 2 * MILLION, more: null }, query: 3 * MILLION, reconcile: 3 * MILLION, versions: 1 * MILLION, objects: 100_000, charges: 200_000, peers: { rows: 3 * MILLION, changed: 100_000, rounds: 3 } },
  long: { full: 10 * MILLION, merge: { changed: 100_000, rows: 2 * MILLION, more: 20 * MILLION }, query: 10 * MILLION, reconcile: 10 * MILLION, versions: 1 * MILLION, objects: 100_000, charges: 200_000, peers: { rows: 3 * MILLION, changed: 100_000, rounds: 3 } },
} satisfies Record<string, Sizes>

/** How many rows the tables of these races have. */
export function tableSizes({ full, merge, query, reconcile, versions, peers }: Sizes): number[] {
  return [...new Set([full, merge.rows, merge.more ?? full, query, reconcile, versions, peers.rows])]
}

/** `npm run bench -- [race] [--short | --long] [--keep folder] [--rounds n]` */
export function benchOptions(argv: string[]): BenchOptions {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { short: { type: 'boolean' }, long: { type: 'boolean' }, keep: { type: 'string' }, rounds: { type: 'string' } } })
  return { only: positionals[0] ?? '', size: values.short ? 'short' : values.long ? 'long' : 'usual', keep: values.keep, rounds: values.rounds === undefined ? undefined : Number(values.rounds) }
}
