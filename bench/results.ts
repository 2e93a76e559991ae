import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { projectFolder } from '@/lib/core/env'

const Measured = z.object({ name: z.string(), value: z.number().nullable(), unit: z.string(), bar: z.number().nullable(), detail: z.string().optional() })

/** Of all rounds: the median, and the most memory. `inner`: the part of the time that was the work itself, where the program says so. */
const Part = z.object({ seconds: z.number(), times: z.array(z.number()), inner: z.number().nullable(), megabytes: z.number() })

/** One contender's part of the race on one table; what is null was not to be had, and why is said. */
const Raced = z.object({
  name: z.string(),
  version: z.string(),
  way: z.string(),
  /** Why it did not run at all. */
  skipped: z.string().nullable(),
  /** What of it came to no end, with its last words. */
  failed: z.object({ what: z.string(), words: z.string() }).nullable(),
  load: Part.nullable(),
  merge: Part.nullable(),
  /** What was wrong with its rows; null when all were right. */
  wrong: z.string().nullable(),
  /** Columns that have another type there than at the source. */
  types: z.string().nullable(),
})
export type Raced = z.infer<typeof Raced>

/** `limit`: the seconds that psql needs to throw the same rows away; null without psql. */
const Peers = z.object({ rows: z.number(), changed: z.number(), rounds: z.number(), limit: z.number().nullable(), raced: z.array(Raced) })
export type Peers = z.infer<typeof Peers>

const Result = z.object({ race: z.string(), size: z.enum(['short', 'usual', 'long']), at: z.string(), measures: z.array(Measured), peers: Peers.optional() })
export type Result = z.infer<typeof Result>

const folder = () => path.join(projectFolder(), 'bench', 'results')

/** Each race has its last result in a file of its own, so that races may be run one after the other. */
export function saveResult(result: Result): void {
  mkdirSync(folder(), { recursive: true })
  writeFileSync(path.join(folder(), `${result.race}.json`), JSON.stringify(result, null, 2) + '\n')
}

export function readResults(): Result[] {
  if (!existsSync(folder())) return []
  return readdirSync(folder()).filter((name) => name.endsWith('.json') && name !== 'latest.json').sort().map((name) => Result.parse(JSON.parse(readFileSync(path.join(folder(), name), 'utf8'))))
}
