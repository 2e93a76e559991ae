'use client'

import { useCallback, useRef, useState } from 'react'

export interface Selection {
  ids: ReadonlySet<string>
  /** Tick or clear one; with `isRange` everything between the last one and it, in the order shown. */
  toggle(id: string, isRange: boolean): void
  /** Tick or clear everything that is shown. */
  toggleAll(): void
  clear(): void
}

/** Which of the shown items are ticked. What a filter hides is no longer ticked: an action never touches what isn't seen. */
export function useSelection(shownIds: string[]): Selection {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string | null>(null)
  const shown = useRef(shownIds)
  shown.current = shownIds
  const ids = new Set(shownIds.filter((id) => ticked.has(id)))
  const current = useRef(ids)
  current.current = ids

  const toggle = useCallback((id: string, isRange: boolean) => {
    const next = new Set(current.current)
    const isTicked = !next.has(id)
    const from = isRange && last.current !== null ? shown.current.indexOf(last.current) : -1
    const to = shown.current.indexOf(id)
    const range = from < 0 ? [id] : shown.current.slice(Math.min(from, to), Math.max(from, to) + 1)
    for (const each of range) {
      if (isTicked) next.add(each)
      else next.delete(each)
    }
    last.current = id
    setTicked(next)
  }, [])

  return {
    ids,
    toggle,
    toggleAll: () => setTicked(ids.size === shownIds.length ? new Set() : new Set(shownIds)),
    clear: () => setTicked(new Set()),
  }
}
