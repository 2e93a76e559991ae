import type { Random } from '../simulate/random'

/**
 * Where a process is stopped. It leaves traces in two places, rows and files, and reads from a third: before and after each of the verbs that reach them, and
 * at the steps that it tells of, there is a point. `number`: at the how manyth of this kind, from 0 on.
 */
export interface Point {
  at: PointName
  number: number
  when: 'before' | 'after'
}

const names = {
  step: 'the step it tells of',
  put: 'a file put into the warehouse',
  remove: 'a file removed from the warehouse',
  read: 'a statement to the source',
  statement: 'a statement to its own database',
  claim: 'the claim of a run',
  checkpoint: 'the commit of a checkpoint',
  publish: 'the commit of a version',
  hold: 'the commit of a version that waits',
  forget: 'the commit of a deletion',
  settle: 'the end of a run, written down',
} as const

export type PointName = keyof typeof names

export function pointWords({ at, number, when }: Point): string {
  return `${when} ${names[at]}${number ? ` (number ${number + 1})` : ''}`
}

type Choice = readonly [(random: Random) => Point, number]

const point = (at: PointName, most: number, when?: Point['when']) => (random: Random): Point => ({ at, number: random.below(most), when: when ?? (random.next() < 0.5 ? 'before' : 'after') })

const ofSync: Choice[] = [
  [point('step', 7, 'before'), 3], [point('put', 2), 4], [point('read', 12), 3], [point('statement', 45), 5], [point('claim', 1, 'after'), 1],
  [point('publish', 1), 5], [point('publish', 2), 1], [point('settle', 1), 2],
]

const ofParts: Choice[] = [[point('checkpoint', 8), 10], [point('put', 10), 6]]
const ofBrake: Choice[] = [[point('hold', 1), 3]]
const ofVerb: Choice[] = [[point('statement', 14), 5], [point('publish', 1), 4], [point('forget', 1), 3], [point('remove', 3), 2]]
/** Those at which it holds no lock in its own database. */
const outside: Choice[] = [[point('put', 2), 5], [point('read', 12), 3], [point('step', 7, 'before'), 3], [point('claim', 1, 'after'), 1]]

export function syncPoint(random: Random, { inParts, hasBrake }: { inParts: boolean; hasBrake: boolean }): Point {
  return random.weighted([...ofSync, ...(inParts ? ofParts : []), ...(hasBrake ? ofBrake : [])])(random)
}

export function verbPoint(random: Random): Point {
  return random.weighted(ofVerb)(random)
}

/** Where a process may hang for long without holding up others. */
export function quietPoint(random: Random, inParts: boolean): Point {
  return random.weighted([...outside, ...(inParts ? [[point('put', 10), 5] as Choice] : [])])(random)
}

/** Where files are in the warehouse that no version names yet, more often than not. */
export function sweptPoint(random: Random, inParts: boolean): Point {
  return random.next() < 0.6 ? { at: 'put', number: 0, when: 'after' } : quietPoint(random, inParts)
}
