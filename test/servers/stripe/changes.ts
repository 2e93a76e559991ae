import type { EmulatedObject } from './types'

/** What the fields of a change were before, as events tell it: of a hash only the keys that differ, an array whole, null for what was not there. */
export function previousOf(before: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const previous: Record<string, unknown> = {}
  for (const [name, after] of Object.entries(change)) {
    const was = before[name]
    if (isSame(was, after)) continue
    previous[name] = isHash(was) && isHash(after) ? previousOf(was, { ...Object.fromEntries(Object.keys(was).map((key) => [key, undefined])), ...after }) : (was ?? null)
  }
  return previous
}

/** The same object, which nobody can change in passing any more. */
export function frozen(object: EmulatedObject): EmulatedObject {
  freeze(object)
  return object
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const inner of Object.values(value)) freeze(inner)
}

export function isHash(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSame(one: unknown, other: unknown): boolean {
  return Object.is(one, other) || JSON.stringify(one) === JSON.stringify(other)
}
