import type { StripeEvent } from '../stripe-schema'

/**
 * Which ids an event touched, told by what the event is about: `{ charge: 'id', refund: 'charge' }` takes the id of a charge, and
 * of a refund the charge that it names. Objects of other kinds touch nothing.
 */
export function touchedBy(fields: Record<string, string>): (event: StripeEvent) => string[] {
  return ({ data: { object } }) => {
    const field = fields[object.object]
    return field === undefined ? [] : idsIn(object[field])
  }
}

/** The ids in a reference: a text, an object with an id, or nothing. */
export function idsIn(reference: unknown): string[] {
  if (typeof reference === 'string' && reference !== '') return [reference]
  const id = isRecord(reference) ? reference.id : undefined
  return typeof id === 'string' ? [id] : []
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
