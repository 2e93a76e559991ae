import { z } from 'zod'

/** Why a version is held, in numbers. */
export const HeldDifference = z.object({
  /** It would leave the table without a row; rows would be gone; rows would be others. */
  reason: z.enum(['emptied', 'removed', 'changed']),
  /** How the two were compared: by what the run found to have changed, by their keys, or by how many rows each has. */
  by: z.enum(['changes', 'keys', 'counts']),
  rowsBefore: z.number(),
  rowsAfter: z.number(),
  removed: z.number(),
  updated: z.number(),
  inserted: z.number(),
  /** The share that was set, in percent. */
  percent: z.number(),
})
export type HeldDifference = z.infer<typeof HeldDifference>

/** Some of the rows that would go or change, as texts. `after`: null for one that would be gone. */
export const HeldSample = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.object({ before: z.array(z.string().nullable()), after: z.array(z.string().nullable()).nullable() })),
})
export type HeldSample = z.infer<typeof HeldSample>
