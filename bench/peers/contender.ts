import type { Ran } from './process-tree'
import type { Written } from './right-rows'

/** What every contender is given. */
export interface Course {
  /** The source's database and its table, with a primary key `id` and a replication key `updated_at`. */
  url: string
  table: string
}

/** A program that loads the table into files on this disk. */
export interface Contender {
  name: string
  version: string
  /** How it is set, in words. */
  way: string
  /** It takes part in the first round alone. */
  isSlow?: boolean
  /** An empty place to load into; another one each round. */
  enter(course: Course, folder: string): Promise<Attempt>
}

export interface Attempt {
  load(): Promise<Ran>
  /** Bring what changed since the load. */
  merge(): Promise<Ran>
  written(): Promise<Written>
}

/** One that is not to be had here. */
export interface Absent {
  name: string
  reason: string
}
