import { z } from 'zod'
import { FilesSettings } from '@/lib/core/files-settings'
import { Frequency } from '@/lib/syncs/schema'

/** The name of a table of files, as people type it; the warehouse adds the source's prefix. */
export const FilesTableName = z
  .string()
  .trim()
  .toLowerCase()
  .min(1, 'Enter a name for the table')
  .max(128, 'Use 128 characters or fewer')
  .regex(/^[a-z_][a-z0-9_]*$/, 'Use letters, digits and _, beginning with a letter')

/** Long enough for a list of addresses. */
export const FilesPattern = z.string().trim().min(1, 'Enter where the files are').max(5000, 'Use 5,000 characters or fewer')

/** One table that is made of files: which they are, and how they are read. */
export const FilesTableInput = z.object({
  name: FilesTableName,
  pattern: FilesPattern,
  settings: FilesSettings,
  /** Absent: as often as the rest of its source. */
  frequency: Frequency.optional(),
})
export type FilesTableInput = z.infer<typeof FilesTableInput>
