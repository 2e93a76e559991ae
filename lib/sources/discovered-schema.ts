import { z } from 'zod'
import type { DiscoveredSchema } from '@/lib/connectors/contract'
import { Encoding } from '@/lib/core/source-column'
import { AppError, type ErrorCode, type ErrorView } from '@/lib/core/errors'

const Problem = z.object({ code: z.string().transform((code) => code as ErrorCode), title: z.string(), detail: z.string().optional(), advice: z.string().optional(), isRetryable: z.boolean() }) satisfies z.ZodType<ErrorView>

const Discovered = z.object({
  name: z.string(),
  location: z.record(z.string(), z.string()),
  kind: z.enum(['table', 'partitioned table', 'view', 'materialised view', 'foreign table', 'list', 'files']),
  columns: z.array(z.object({ name: z.string(), sourceType: z.string(), type: z.string(), encoding: Encoding, nullable: z.boolean(), note: z.string().optional(), fidelity: z.enum(['widened', 'text']).optional() })),
  identity: z.string().optional(),
  primaryKey: z.array(z.string()),
  rowsEstimate: z.number().nullable(),
  bytesEstimate: z.number().nullable(),
  replicationKeys: z.array(z.object({ name: z.string(), type: z.string(), ok: z.boolean(), reason: z.string().nullable(), warnings: z.array(z.string()) })),
  tracking: z.enum(['changes', 'listing', 'files']).optional(),
  isOpen: z.boolean().optional(),
  forgets: z.boolean().optional(),
  isComparable: z.boolean().optional(),
  problem: Problem.nullable(),
}) satisfies z.ZodType<DiscoveredSchema>

/** What discovery saw, as it was stored with the schema. */
export function storedDiscovery(stored: unknown): DiscoveredSchema {
  const read = Discovered.safeParse(stored)
  if (!read.success) throw new AppError('internal', { title: 'What is known of this schema cannot be read', advice: 'Refresh the schemas of its source' }, { cause: read.error })
  return read.data
}
