const FIRST_SECONDS = 10
const FACTOR = 4

/** How long a run rests after its failed attempt (from 1): about 10 s, 40 s, 2.5 min, 10 min; spread by a quarter, so that many do not come back at once. */
export function retryDelaySeconds(attempt: number, random = Math.random()): number {
  return FIRST_SECONDS * FACTOR ** (attempt - 1) * (1 + (random - 0.5) / 2)
}
