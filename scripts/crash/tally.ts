import { z } from 'zod'

const kinds = ['none', 'killed', 'killed by chance', 'frozen past its lease', 'swept beside', 'two workers', 'source cut', 'disk full', 'database killed', 'whole worker killed'] as const
const lefts = ['old version', 'new version', 'waits'] as const
export type Left = (typeof lefts)[number]

/** What a history came to. */
export const Outcome = z.object({
  seed: z.number(),
  /** In words, one after the other. */
  steps: z.array(z.string()),
  troubles: z.array(z.object({ kind: z.enum(kinds), isReached: z.boolean(), left: z.enum(lefts) })),
  /** Calm syncs that went on where an interrupted load had been. */
  resumed: z.number(),
  differences: z.array(z.string()),
  seconds: z.number(),
})
export type Outcome = z.infer<typeof Outcome>

/** For each kind of trouble how often it came, and what it left. */
export function tableOf(outcomes: Outcome[]): string[] {
  const troubles = outcomes.flatMap((outcome) => outcome.troubles)
  const header = ['trouble', 'came', 'work was over before', ...lefts]
  const rows = kinds.map((kind) => {
    const of = troubles.filter((trouble) => trouble.kind === kind)
    const reached = of.filter(({ isReached }) => isReached)
    return [kind, String(reached.length), String(of.length - reached.length), ...lefts.map((left) => String(reached.filter((trouble) => trouble.left === left).length))]
  })
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)))
  return [header, ...rows].map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '))
}
