import { z } from 'zod'

/** As of when tables are read: all of them as of a time, some of them as of a version. A table that neither tells about is read as it is now. */
export const AsOf = z
  .object({
    time: z.iso.datetime({ offset: true, error: 'Use a date and a time' }).nullable().default(null),
    versions: z.array(z.object({ table: z.string().min(1).max(300), version: z.number().int().min(1).max(2_147_483_647) })).max(100).default([]),
  })
  .refine(({ time, versions }) => time !== null || versions.length > 0, 'Name a time or the version of a table')
export type AsOf = z.infer<typeof AsOf>

/** Which version of a table was read, and since when it was the current one. */
export interface TableAsOf {
  table: string
  version: number
  since: string
  isCurrent: boolean
}
