import { Random } from '../simulate/random'
import { quietPoint, sweptPoint, syncPoint, verbPoint, type Point } from './points'

export const methods = ['full', 'incremental', 'reconciled', 'appended'] as const
export type Method = (typeof methods)[number]

export interface SyncSettings {
  /** `reconciled`: incremental, and compared with its source in each sync. `appended`: incremental, of a source that only grows. */
  method: Method
  replicationKey: 'rev' | 'changed_at' | null
  /** Read part by part, so that an interrupted load goes on. */
  inParts: boolean
  proves: boolean
  brakePercent: number | null
  /** Are its files put together after each few syncs? */
  compacts: boolean
}

export type ChangeKind = 'insert' | 'update' | 'delete' | 'change keys' | 'update quietly' | 'update most' | 'delete most' | 'empty' | 'insert late'

export type Verb = 'sync' | 'full sync' | 'repair' | 'roll back' | 'publish' | 'discard' | 'delete data' | 'delete source' | 'change settings' | 'sweep'

export type Trouble =
  | { kind: 'none' }
  | { kind: 'killed'; point: Point }
  | { kind: 'killed by chance'; afterMs: number }
  /** `also`: where the one that takes over stands still too, while the first goes on; null: it comes to its end before that. */
  | { kind: 'frozen past its lease'; point: Point; also: Point | null }
  | { kind: 'swept beside'; point: Point }
  | { kind: 'two workers'; point: Point | null }
  | { kind: 'source cut'; afterBytes: number }
  | { kind: 'disk full'; disk: 'staging' | 'warehouse'; freeBytes: number }
  | { kind: 'database killed'; point: Point }
  /** With its loops and its queue; another one finds the run by itself. */
  | { kind: 'whole worker killed'; afterMs: number }

export interface Round {
  changes: ChangeKind[]
  verb: Verb
  trouble: Trouble
  /** Is a calm sync made after it, or does the next round find what it left? */
  isMended: boolean
}

export interface History {
  seed: number
  key: 'id' | 'part and id' | 'code'
  rows: number
  /** Are its rows long? Then it has more pages. */
  isWide: boolean
  settings: SyncSettings
  /** Are the staging folder and the warehouse on one disk, as usual, or on two? */
  disks: 'one' | 'two'
  rounds: Round[]
}

/** The same seed, the same history. */
export function generate(seed: number): History {
  const random = new Random(seed)
  random.next()
  const key = random.weighted([['id', 6], ['part and id', 3], ['code', 1]] as const)
  const settings = settingsOf(random, key)
  const rows = settings.inParts ? 150 + random.below(500) : random.weighted([[() => 50 + random.below(150), 6], [() => 200 + random.below(800), 3], [() => 1_000 + random.below(4_000), 1]] as const)()
  const rounds = Array.from({ length: 2 + random.below(3) }, (_, number) => roundOf(random, settings, key, number))
  return { seed, key, rows, isWide: settings.inParts || random.next() < 0.2, settings, disks: random.next() < 0.25 ? 'two' : 'one', rounds }
}

function settingsOf(random: Random, key: History['key']): SyncSettings {
  // rows are not found by ranges of such a key, so that they are neither reconciled nor read by parts
  const method = random.weighted([['full', 3], ['incremental', 4], ['reconciled', key === 'code' ? 0 : 4], ['appended', 2]] as const)
  const isIncremental = method !== 'full'
  return {
    method,
    replicationKey: isIncremental ? random.weighted([['rev', 1], ['changed_at', 1]] as const) : null,
    inParts: key !== 'code' && random.next() < 0.35,
    proves: random.next() < 0.3,
    brakePercent: random.next() < 0.3 ? 30 : null,
    compacts: isIncremental && random.next() < 0.5,
  }
}

const changesOf: Record<Method, readonly (readonly [ChangeKind, number])[]> = {
  full: [['insert', 3], ['update', 3], ['delete', 3], ['change keys', 2], ['update quietly', 2], ['update most', 1], ['delete most', 1], ['empty', 0.5], ['insert late', 0.5]],
  incremental: [['insert', 3], ['update', 3], ['delete', 2], ['change keys', 2], ['update most', 1], ['insert late', 1.5]],
  reconciled: [['insert', 3], ['update', 3], ['delete', 3], ['change keys', 2], ['update quietly', 2], ['update most', 1], ['delete most', 1], ['empty', 0.5], ['insert late', 0.5]],
  appended: [['insert', 5], ['insert late', 1]],
}

function roundOf(random: Random, settings: SyncSettings, key: History['key'], number: number): Round {
  const changes = number === 0 ? [] : Array.from({ length: 1 + random.below(3) }, () => random.weighted(changesOf[settings.method]))
  const verb = number === 0 ? 'sync' : random.weighted([
    ['sync', 50], ['full sync', 5], ['repair', key === 'code' ? 0 : 6], ['roll back', 10], ['publish', settings.brakePercent ? 12 : 0], ['discard', settings.brakePercent ? 6 : 0],
    ['delete data', 5], ['delete source', 3], ['change settings', 3], ['sweep', 6],
  ] as const)
  return { changes, verb, trouble: isSync(verb) ? syncTrouble(random, settings) : verbTrouble(random), isMended: random.next() < 0.4 }
}

export function isSync(verb: Verb): verb is 'sync' | 'full sync' | 'repair' {
  return verb === 'sync' || verb === 'full sync' || verb === 'repair'
}

function syncTrouble(random: Random, { inParts, brakePercent }: SyncSettings): Trouble {
  const at = () => syncPoint(random, { inParts, hasBrake: brakePercent !== null })
  return random.weighted<() => Trouble>([
    [() => ({ kind: 'none' }), 8],
    [() => ({ kind: 'killed', point: at() }), 30],
    [() => ({ kind: 'killed by chance', afterMs: Math.round(2 ** (random.next() * 9)) }), 9],
    [() => ({ kind: 'frozen past its lease', point: random.next() < 0.8 ? quietPoint(random, inParts) : at(), also: random.next() < 0.5 ? quietPoint(random, inParts) : null }), 12],
    [() => ({ kind: 'swept beside', point: sweptPoint(random, inParts) }), 9],
    [() => ({ kind: 'two workers', point: random.next() < 0.4 ? at() : null }), 6],
    [() => ({ kind: 'source cut', afterBytes: Math.round(2 ** (8 + random.next() * 11)) }), 12],
    [() => ({ kind: 'disk full', disk: random.next() < 0.5 ? 'staging' : 'warehouse', freeBytes: random.below(16) * 4_096 }), 9],
    [() => ({ kind: 'database killed', point: at() }), 7],
    [() => ({ kind: 'whole worker killed', afterMs: Math.round(2 ** (random.next() * 8)) }), 1],
  ])()
}

function verbTrouble(random: Random): Trouble {
  return random.weighted<() => Trouble>([
    [() => ({ kind: 'none' }), 2],
    [() => ({ kind: 'killed', point: verbPoint(random) }), 10],
    [() => ({ kind: 'killed by chance', afterMs: Math.round(2 ** (random.next() * 6)) }), 2],
    [() => ({ kind: 'database killed', point: verbPoint(random) }), 1.5],
  ])()
}
