/** From then on checkpoints become rarer. */
const OFTEN_MS = 250_000

/** How often a read that takes so long already is made safe: the longer it takes, the less a repeated minute of it weighs. */
export function checkpointEveryMs(seconds: number, tookMs: number): number {
  return seconds * 1000 * Math.max(1, tookMs / OFTEN_MS)
}
