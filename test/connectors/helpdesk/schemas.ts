import type { DiscoveredSchema, Location, SourceColumn } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'

const columns: SourceColumn[] = [
  { name: 'id', sourceType: 'uuid', type: 'UUID', encoding: 'plain', nullable: false },
  { name: 'subject', sourceType: 'string', type: 'VARCHAR', encoding: 'plain', nullable: true },
  { name: 'priority', sourceType: 'integer', type: 'BIGINT', encoding: 'plain', nullable: true },
  { name: 'price', sourceType: 'decimal text', type: 'DECIMAL(38,2)', encoding: 'cast', nullable: true },
  { name: 'tags', sourceType: 'array of strings', type: 'VARCHAR[]', encoding: 'json-list', nullable: true },
  { name: 'requester', sourceType: 'object', type: 'JSON', encoding: 'plain', nullable: true },
  { name: 'updated_at', sourceType: 'ISO 8601 time', type: 'TIMESTAMPTZ', encoding: 'cast', nullable: false },
]

export const TICKETS: DiscoveredSchema = {
  name: 'tickets', location: { schema: 'tickets' }, kind: 'list', columns, primaryKey: ['id'],
  rowsEstimate: null, bytesEstimate: null, replicationKeys: [], problem: null,
  tracking: 'changes', // the source tells what changed: no replication key is needed
  isOpen: true, // fields that are not declared become JSON columns by themselves
}

/** The same for everybody: a sync need not ask. */
export function describeHelpdesk(location: Location): DiscoveredSchema | null {
  return location.schema === TICKETS.name ? TICKETS : null
}

/** Throws AppError `missing_table`. */
export function requireSchema(location: Location): void {
  if (describeHelpdesk(location)) return
  throw new AppError('missing_table', { title: `The help desk has no list named ${location.schema ?? 'that'}`, detail: 'It was offered by another version of this connector', advice: 'Refresh the source; disable the table if it is gone for good' })
}
