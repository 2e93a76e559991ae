'use client'

import { useMemo, useRef, useState, type PointerEvent } from 'react'

/**
 * The items in their order, except while the pointer is over the list: then those that are shown keep their
 * places, and new ones come last. A change of `orderKey` (another sort or filter, asked for by hand) is followed at once.
 */
export function useStableOrder<T extends { id: string }>(items: T[], orderKey: string): { items: T[]; hold: { onPointerEnter(event: PointerEvent): void; onPointerLeave(): void } } {
  const [isHeld, setHeld] = useState(false)
  const shown = useRef<{ orderKey: string; ids: string[] }>({ orderKey, ids: [] })
  const ordered = useMemo(() => {
    if (!isHeld || shown.current.orderKey !== orderKey) return items
    const places = new Map(shown.current.ids.map((id, place) => [id, place]))
    const placeOf = (item: T) => places.get(item.id) ?? Number.MAX_SAFE_INTEGER
    return [...items].sort((a, b) => placeOf(a) - placeOf(b))
  }, [items, isHeld, orderKey])
  shown.current = { orderKey, ids: ordered.map((item) => item.id) }
  const hold = {
    onPointerEnter: (event: PointerEvent) => setHeld(event.pointerType === 'mouse'),
    onPointerLeave: () => setHeld(false),
  }
  return { items: ordered, hold }
}
