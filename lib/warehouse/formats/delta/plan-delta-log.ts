import { deltaProblem } from './delta-problem'

/** Which objects of a log tell what the table is now. */
export interface DeltaLogPlan {
  /** What stands before `_delta_log/` in every key. */
  root: string
  version: number
  /** One object of the classic or the second form, or all parts of one; null: the commits tell everything. */
  checkpoint: { version: number; keys: string[] } | null
  /** Those after the checkpoint, in order. */
  commits: { version: number; key: string }[]
}

interface Checkpoint {
  version: number
  keys: string[]
}

const LOG = /^(.*?)_delta_log\/(\d{20})\.(?:(json)|checkpoint\.(?:parquet|(\d{10})\.(\d{10})\.parquet|[0-9a-fA-F-]{36}\.(?:parquet|json)))$/s

/**
 * From a listing, which may be of everything below the table. `_last_checkpoint` is not asked: it is a hint, may be older than the log, and the listing knows better.
 * Throws FileProblem when versions are missing.
 */
export function planDeltaLog(keys: Iterable<string>): DeltaLogPlan {
  const roots = new Set<string>()
  const commits = new Map<number, string>()
  const checkpoints: Checkpoint[] = []
  const parts = new Map<string, { version: number; count: number; keys: Map<number, string> }>()
  for (const key of keys) {
    const [, root, digits, isCommit, part, count] = LOG.exec(key) ?? []
    if (root === undefined) continue
    roots.add(root)
    const version = Number(digits)
    if (isCommit) commits.set(version, key)
    else if (part === undefined) checkpoints.push({ version, keys: [key] })
    else collect(parts, { version, count: Number(count) }, Number(part), key)
  }
  for (const { version, count, keys: found } of parts.values()) if (found.size === count) checkpoints.push({ version, keys: [...found].sort(([a], [b]) => a - b).map(([, key]) => key) })
  return chosen(roots, commits, checkpoints)
}

function collect(parts: Map<string, { version: number; count: number; keys: Map<number, string> }>, { version, count }: { version: number; count: number }, part: number, key: string): void {
  const id = `${version}.${count}`
  const group = parts.get(id) ?? { version, count, keys: new Map<number, string>() }
  if (part >= 1 && part <= count) group.keys.set(part, key)
  parts.set(id, group)
}

function chosen(roots: Set<string>, commits: Map<number, string>, checkpoints: Checkpoint[]): DeltaLogPlan {
  const [root] = roots
  if (root === undefined || (!commits.size && !checkpoints.length)) throw deltaProblem('There is no log in _delta_log', 'Give the folder that holds _delta_log, and let its objects be listed')
  if (roots.size > 1) throw deltaProblem(`There are several Delta tables: ${[...roots].slice(0, 3).join(', ')}`, 'Give the folder of one of them')
  const version = Math.max(maximum(commits.keys()), maximum(checkpoints.map((checkpoint) => checkpoint.version)))
  // in the order of the names two of one version may come; either tells everything
  for (const checkpoint of checkpoints.toSorted((a, b) => b.version - a.version)) {
    const after = commitsBetween(commits, checkpoint.version + 1, version)
    if (typeof after !== 'number') return { root, version, checkpoint, commits: after }
  }
  const all = commitsBetween(commits, 0, version)
  if (typeof all === 'number') throw deltaProblem(`Version ${all} is missing in _delta_log, and no complete checkpoint covers it`, 'Restore the log, or let the objects of _delta_log be listed and read')
  return { root, version, checkpoint: null, commits: all }
}

/** The first version that is missing, otherwise. */
function commitsBetween(commits: Map<number, string>, from: number, to: number): { version: number; key: string }[] | number {
  const found: { version: number; key: string }[] = []
  for (let version = from; version <= to; version++) {
    const key = commits.get(version)
    if (key === undefined) return version
    found.push({ version, key })
  }
  return found
}

function maximum(numbers: Iterable<number>): number {
  let greatest = -1
  for (const number of numbers) greatest = Math.max(greatest, number)
  return greatest
}
