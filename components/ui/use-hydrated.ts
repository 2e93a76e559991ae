'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** Does the page react yet? What is typed into a field before that would be lost when it begins to: such a field is read-only until then. */
export function useHydrated(): boolean {
  return useSyncExternalStore(never, () => true, () => false)
}
