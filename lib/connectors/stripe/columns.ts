import { z } from 'zod'
import type { SourceColumn } from '@/lib/core/source-column'
import columnKinds from './columns.json'

const KINDS = {
  string: { type: 'VARCHAR', encoding: 'plain' },
  /** A reference to another object; not expanded, it is that object's id. */
  id: { type: 'VARCHAR', encoding: 'plain' },
  /** Amounts in minor units, beside their currency; counts. */
  integer: { type: 'BIGINT', encoding: 'plain' },
  float: { type: 'DOUBLE', encoding: 'plain' },
  /** Text with at most twelve decimal places. */
  decimal: { type: 'DECIMAL(38,12)', encoding: 'cast' },
  boolean: { type: 'BOOLEAN', encoding: 'plain' },
  /** Whole seconds since 1970. */
  timestamp: { type: 'TIMESTAMPTZ', encoding: 'epoch' },
  object: { type: 'JSON', encoding: 'plain' },
  array: { type: 'JSON', encoding: 'plain' },
  list: { type: 'JSON', encoding: 'plain' },
  map: { type: 'JSON', encoding: 'plain' },
} as const satisfies Record<string, Pick<SourceColumn, 'type' | 'encoding'>>

const Kind = z.enum(Object.keys(KINDS) as [keyof typeof KINDS, ...(keyof typeof KINDS)[]]) // as const: they are exactly these
const COLUMNS = z.record(z.string(), z.record(z.string(), Kind)).parse(columnKinds)

/**
 * The columns of a schema, from Stripe's own type declarations (scripts/stripe-columns.ts): a type never depends on the rows. Any
 * but the id may be missing, whatever is declared: Stripe leaves out what does not apply, and old objects lack what is new.
 */
export function columnsOf(schema: string) {
  const columns = COLUMNS[schema]
  if (!columns) throw new Error(`columns.json has no columns of ${schema}: add it to scripts/stripe/objects.ts and run scripts/stripe-columns.ts`)
  return Object.entries(columns).map(([name, kind]) => ({ name, sourceType: kind, ...KINDS[kind], nullable: name !== 'id' }))
}
