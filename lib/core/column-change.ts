import { z } from 'zod'

/** What became of a column between two versions of its table. */
export const ColumnChange = z.object({
  /** Its name in the warehouse. */
  column: z.string(),
  /** gone: not upstream any more, and NULL in later rows; removed: not in the table, since it is no longer chosen or the table was rolled back. */
  kind: z.enum(['new', 'gone', 'back', 'retyped', 'removed']),
  type: z.string(),
  /** The type before, of one that has another. */
  from: z.string().optional(),
})
export type ColumnChange = z.infer<typeof ColumnChange>
