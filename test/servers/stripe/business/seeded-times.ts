import { mix } from './chance'

const WEEK = 7 * 86_400
const WEEKS = 104

interface Week {
  /** The number of the first object of the week, and how many it has. */
  first: number
  count: number
  start: number
  /** Within how many seconds they are made. */
  span: number
}

/**
 * When the object with this number was made, in unix seconds, so that the time never falls from one to the next: over the two years
 * until `now`; of ten weeks about two have none, and one has ten times as many, all within its first minutes.
 */
export function seededTimes(now: number, count: number, seed: number): (index: number) => number {
  const weights = Array.from({ length: WEEKS }, (_, week) => weightOf(week, seed))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const weeks: Week[] = []
  let passed = 0
  weights.forEach((weight, week) => {
    const first = Math.round((count * passed) / total)
    passed += weight
    const length = Math.round((count * passed) / total) - first
    if (length > 0) weeks.push({ first, count: length, start: now - (WEEKS - week) * WEEK, span: weight >= 20 ? 600 : WEEK - 1 })
  })
  return (index) => {
    const week = weekOf(weeks, index)
    return week.start + Math.floor(((index - week.first) * week.span) / week.count)
  }
}

/** The first and the last week have some, so that the whole time is covered. */
function weightOf(week: number, seed: number): number {
  const roll = mix(week, seed + 303) % 10
  if (roll < 2 && week > 0 && week < WEEKS - 1) return 0
  return roll === 2 ? 20 : 1 + (roll % 3)
}

function weekOf(weeks: Week[], index: number): Week {
  let low = 0
  let high = weeks.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((weeks[middle]?.first ?? 0) <= index) low = middle
    else high = middle - 1
  }
  const week = weeks[low]
  if (!week) throw new Error('There are no seeded objects')
  return week
}
