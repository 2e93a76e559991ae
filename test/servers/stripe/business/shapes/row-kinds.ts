import type columns from '@/lib/connectors/stripe/columns.json'
import { STRIPE_SCHEMAS } from '@/lib/connectors/stripe/catalogue/catalogue'
import { COMPOSED } from '../../composed'

export type SchemaName = keyof typeof columns

const NESTED: Record<string, string> = { customer_discounts: 'discount', discounts: 'discount', payment_methods: 'payment_method' }

/** The `object` of a schema's rows, and the fields that the server adds to them or hides. */
export const ROW_KINDS: { schema: SchemaName; kind: string; apart: string[] }[] = STRIPE_SCHEMAS.map(({ name, list, nested }) => {
  const kind = nested ? (NESTED[name] ?? COMPOSED.find(({ of, field }) => of === list.object && field === nested.field)?.child ?? '') : list.object
  const apart = [...COMPOSED.filter(({ of }) => of === kind).map(({ field }) => field), ...COMPOSED.filter(({ child, isHidden }) => child === kind && isHidden).map(({ parent }) => parent)]
  return { schema: name as SchemaName, kind, apart } // columns.json has the columns of every schema and of no other
})
