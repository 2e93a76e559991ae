import type { Frequency } from '../../lib/syncs/schema'
import { periodSeconds, type SimSchema } from './world'

export interface Bar {
  words: string
  isMet: boolean
}

const sizeClasses: [string, number][] = [['1-9', 10], ['10-99', 100], ['100-999', 1_000], ['1,000 and more', Infinity]]
const MINUTE_MS = 60_000

/** What a simulated time showed. A wait is counted from when a schema was due to when its run began. */
export class Measures {
  private readonly byFrequency = new Map<Frequency, number[]>()
  private readonly bySize = new Map<string, number[]>()
  private readonly startsOfMinute = new Map<number, number>()
  private longestPart = 0
  completed = 0
  attempts = 0
  retries = 0
  failures = 0
  deaths = 0
  takenOver = 0
  refused = 0
  busySeconds = 0
  placeSeconds = 0
  /** Looks into the queue that real workers would take and find nothing: by polls, and by notifications that wake all who rest. */
  idleLooks = 0
  /** Statements that found nothing to do. */
  standing = 0
  mostOfSource = 0
  mostOfWorkspace = 0

  /** `isOver`: the wait has not ended yet when the simulation does. */
  wait(schema: SimSchema, seconds: number): void {
    push(this.byFrequency, schema.frequency, seconds)
    push(this.bySize, sizeClasses.find(([, below]) => schema.ofSize < below)![0], seconds / periodSeconds[schema.frequency])
    this.longestPart = Math.max(this.longestPart, seconds / periodSeconds[schema.frequency])
  }

  started(at: number): void {
    const minute = Math.floor(at / MINUTE_MS)
    this.startsOfMinute.set(minute, (this.startsOfMinute.get(minute) ?? 0) + 1)
  }

  table(): string {
    const lines = ['every            runs     p50 s    p99 s    max s   bar s (p99)']
    for (const [frequency, period] of Object.entries(periodSeconds)) {
      const waits = this.byFrequency.get(frequency as Frequency)
      if (waits) lines.push(`${frequency.padEnd(14)}${cell(waits.length, 0)}${cell(at(waits, 0.5))}${cell(at(waits, 0.99))}${cell(at(waits, 1))}${cell(period / 10)}`)
    }
    lines.push('schemas of the workspace   runs   wait as a part of the frequency: p50, p99, max')
    for (const [name] of sizeClasses) {
      const waits = this.bySize.get(name)
      if (waits) lines.push(`${name.padEnd(20)}${cell(waits.length, 0)}${cell(at(waits, 0.5), 4)}${cell(at(waits, 0.99), 4)}${cell(at(waits, 1), 4)}`)
    }
    return lines.join('\n')
  }

  /** The starts of the minute that had most of them within five minutes of a full hour, and the mean. */
  herd(): { most: number; mean: number } {
    const minutes = [...this.startsOfMinute].toSorted(([a], [b]) => a - b).slice(1, -1) // the first and the last one are not whole
    const near = minutes.filter(([minute]) => minute % 60 < 5 || minute % 60 >= 55)
    return { most: Math.max(0, ...near.map(([, count]) => count)), mean: minutes.reduce((sum, [, count]) => sum + count, 0) / Math.max(1, minutes.length) }
  }

  bars(statements: number, limits: { statementsPerSync: number; standingPerPlace: number; perSource: number; perWorkspace: number }): Bar[] {
    const late = [...this.byFrequency].filter(([frequency, waits]) => at(waits, 0.99) >= periodSeconds[frequency] / 10).map(([frequency]) => frequency)
    const { most, mean } = this.herd()
    const perSync = (statements - this.standing) / Math.max(1, this.attempts)
    const perPlace = (this.standing + this.idleLooks) / Math.max(1, this.placeSeconds)
    // chance alone makes a busy minute: four times the root of the mean above it
    const herdBar = 1.5 * mean + 4 * Math.sqrt(mean)
    return [
      { words: `p99 of the wait is below a tenth of the frequency${late.length ? `, but not every ${late.join(', ')}` : ''}`, isMet: late.length === 0 },
      { words: `nothing starves: the longest wait is ${(this.longestPart * 100).toFixed(1)} % of its frequency, below a half`, isMet: this.longestPart < 0.5 },
      { words: `no herd: ${most} starts in the busiest minute near a full hour, ${mean.toFixed(1)} in the mean minute, bar ${herdBar.toFixed(0)}`, isMet: most <= herdBar },
      { words: `${perSync.toFixed(1)} statements for each attempt of a sync, at most ${limits.statementsPerSync}`, isMet: perSync <= limits.statementsPerSync },
      { words: `${perPlace.toFixed(2)} statements a second for each place of a worker that find nothing to do, at most ${limits.standingPerPlace}`, isMet: perPlace <= limits.standingPerPlace },
      { words: `at most ${this.mostOfSource} runs of a source at once (${limits.perSource} allowed), ${this.mostOfWorkspace} of a workspace (${limits.perWorkspace})`, isMet: this.mostOfSource <= limits.perSource && this.mostOfWorkspace <= limits.perWorkspace },
      { words: `${this.completed} syncs were completed`, isMet: this.completed > 0 },
    ]
  }
}

function push<Key>(map: Map<Key, number[]>, key: Key, value: number): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function at(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)] ?? 0
}

const cell = (value: number, digits = 1) => value.toFixed(digits).padStart(9)
