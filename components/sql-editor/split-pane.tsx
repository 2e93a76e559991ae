'use client'

import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react'

const SHARE_MIN = 15
const SHARE_MAX = 80
const KEY_STEP = 4

/** Two panes above each other; the line between them is drawn, or moved with the arrow keys. */
export function SplitPane({ top, bottom }: { top: ReactNode; bottom: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const isDrawn = useRef(false)
  const [share, setShare] = useState(36)
  const set = (next: number): void => setShare(Math.min(SHARE_MAX, Math.max(SHARE_MIN, next)))
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    isDrawn.current = true
  }
  const onPointerMove = (event: PointerEvent): void => {
    const area = box.current?.getBoundingClientRect()
    if (isDrawn.current && area) set(((event.clientY - area.top) / area.height) * 100)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    set(share + (event.key === 'ArrowDown' ? KEY_STEP : -KEY_STEP))
  }
  return (
    <div ref={box} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="min-h-0 shrink-0 overflow-hidden" style={{ height: `${share}%` }}>{top}</div>
      <div
        role="separator"
        aria-orientation="horizontal"
        aria-label="Height of the editor"
        aria-valuenow={Math.round(share)}
        aria-valuemin={SHARE_MIN}
        aria-valuemax={SHARE_MAX}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => { isDrawn.current = false }}
        onKeyDown={onKeyDown}
        className="relative z-10 h-px shrink-0 cursor-row-resize touch-none bg-border before:absolute before:inset-x-0 before:-top-1 before:h-2 before:content-[''] hover:bg-ring"
      />
      <div className="flex min-h-0 flex-1 flex-col overflow-hidden">{bottom}</div>
    </div>
  )
}
