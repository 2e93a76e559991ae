import type { ChildProcess } from 'node:child_process'
import type { Place } from './relay'

/** What every process of the fleet needs from elsewhere. */
export const services = ['database', 'source', 'bucket'] as const
export type Service = (typeof services)[number]

export type Places = Record<Service, Place>

export interface Launch {
  /** Program and arguments. */
  command: string[]
  environment(places: Places, own: Place): Record<string, string>
  cwd: string
  log: number
}

/** How one machine of the fleet reaches the rest, and is reached. */
export interface Line {
  /** Where the process that was started last listens, seen from here. */
  readonly own: Place
  start(launch: Launch): Promise<ChildProcess>
  /** Nothing comes through any more from these services, or from anywhere; gives the way to mend it. */
  cut(what: readonly Service[] | 'everything'): Promise<() => Promise<void>>
  close(): Promise<void>
}

export interface Network {
  /** In words, for the report. */
  readonly kind: string
  /** Where every machine finds the source, which is kept with its config. */
  readonly source: Place
  /** Can a machine be cut from the source alone? */
  readonly cutsSource: boolean
  newLine(): Promise<Line>
  close(): Promise<void>
}
