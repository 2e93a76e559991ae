import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import type { Location } from '../contract'
import { findStripeSchema } from './catalogue/catalogue'
import type { StripeSchema } from './stripe-schema'

const StripeLocation = z.object({ schema: z.string() })

/** Where the contract finds a schema of Stripe. */
export function locationOf({ name }: StripeSchema): Location {
  return { schema: name }
}

/** The schema at a location; undefined when Stripe has none there. */
export function schemaAt(location: Location): StripeSchema | undefined {
  return findStripeSchema(StripeLocation.safeParse(location).data?.schema)
}

/** The schema to read. Throws AppError `missing_table`. */
export function requireSchemaAt(location: Location): StripeSchema {
  const schema = schemaAt(location)
  if (schema) return schema
  throw new AppError('missing_table', {
    title: `Stripe has no list named ${location.schema ?? 'that'}`,
    detail: 'It was offered by another version of this connector',
    advice: 'Refresh the source; disable the table if it is gone for good',
  })
}
