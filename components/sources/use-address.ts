'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

/** What the page shows, kept in the address, so that a link shows what its sender saw. Changing it asks nothing of the server. */
export function useAddress(): { get(name: string): string | null; set(changes: Record<string, string | null>): void } {
  const path = usePathname()
  const params = useSearchParams()
  const set = useCallback((changes: Record<string, string | null>) => {
    const next = new URLSearchParams(window.location.search)
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    const query = next.toString().replaceAll('%2C', ',')
    window.history.replaceState(null, '', query ? `${path}?${query}` : path)
  }, [path])
  return { get: (name) => params.get(name), set }
}
