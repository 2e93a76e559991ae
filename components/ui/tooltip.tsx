'use client'

import { Slot } from 'radix-ui/slot'
import { createContext, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type ComponentProps, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { cn } from './cn'

const SHOW_MS = 350
/** Time to move from the trigger onto the tooltip. */
const HIDE_MS = 120
const MARGIN = 8
const GAP = 6

interface TooltipState {
  id: string
  /** What it stands at; null while hidden. */
  anchor: Element | null
  show: (anchor: Element, delayMs: number) => void
  hide: (delayMs: number) => void
}

const TooltipContext = createContext<TooltipState | null>(null)

function useTooltip(): TooltipState {
  const tooltip = useContext(TooltipContext)
  if (!tooltip) throw new Error('The parts of a tooltip stand inside a Tooltip')
  return tooltip
}

/** A hint at the thing under the pointer or the focus; Escape and scrolling hide it. Never the only place of something that matters. */
export function Tooltip({ children }: { children: ReactNode }) {
  const id = useId()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const state = useMemo(() => {
    const later = (next: Element | null, delayMs: number): void => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => setAnchor(next), delayMs)
    }
    return { id, anchor, show: later, hide: (delayMs: number) => later(null, delayMs) }
  }, [id, anchor])

  useEffect(() => () => clearTimeout(timer.current), [])
  useEffect(() => {
    if (!anchor) return
    const hide = (): void => setAnchor(null)
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide()
    }
    window.addEventListener('scroll', hide, { capture: true, passive: true })
    window.addEventListener('keydown', press)
    return () => {
      window.removeEventListener('scroll', hide, { capture: true })
      window.removeEventListener('keydown', press)
    }
  }, [anchor])
  return <TooltipContext value={state}>{children}</TooltipContext>
}

export function TooltipTrigger({ asChild = false, ...props }: ComponentProps<'button'> & { asChild?: boolean }) {
  const { id, anchor, show, hide } = useTooltip()
  const Trigger = asChild ? Slot : 'button'
  return (
    <Trigger
      {...(asChild ? {} : { type: 'button' as const })}
      aria-describedby={anchor ? id : undefined}
      {...props}
      onPointerEnter={(event: React.PointerEvent<HTMLElement>) => event.pointerType !== 'touch' && show(event.currentTarget, SHOW_MS)}
      onPointerLeave={() => hide(HIDE_MS)}
      onPointerDown={() => hide(0)}
      onFocus={(event: React.FocusEvent<HTMLElement>) => event.currentTarget.matches(':focus-visible') && show(event.currentTarget, 0)}
      onBlur={() => hide(0)}
    />
  )
}

export function TooltipContent({ side = 'top', className, children }: { side?: 'top' | 'bottom' | 'left' | 'right'; className?: string; children: ReactNode }) {
  const { id, anchor, show, hide } = useTooltip()
  const content = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (anchor && content.current) place(content.current, anchor.getBoundingClientRect(), side)
  }, [anchor, side])
  if (!anchor) return null
  return createPortal(
    <div
      ref={content}
      id={id}
      role="tooltip"
      onPointerEnter={() => show(anchor, 0)}
      onPointerLeave={() => hide(HIDE_MS)}
      className={cn('fixed top-0 left-0 z-[70] w-max max-w-72 animate-[fade-in_110ms_ease-out] rounded-md bg-foreground px-2 py-1 text-xs break-words text-background shadow-float', className)}
    >
      {children}
    </div>,
    document.body,
  )
}

/** At the wished side, at the other where there is no room, and always inside the window. */
function place(content: HTMLElement, anchor: DOMRect, side: 'top' | 'bottom' | 'left' | 'right'): void {
  const { width, height } = content.getBoundingClientRect()
  const [maxLeft, maxTop] = [window.innerWidth - width - MARGIN, window.innerHeight - height - MARGIN]
  const [above, below, before, after] = [anchor.top - GAP - height, anchor.bottom + GAP, anchor.left - GAP - width, anchor.right + GAP]
  let top = anchor.top + (anchor.height - height) / 2
  let left = anchor.left + (anchor.width - width) / 2
  if (side === 'top') top = above >= MARGIN ? above : below
  if (side === 'bottom') top = below <= maxTop ? below : above
  if (side === 'left') left = before >= MARGIN ? before : after
  if (side === 'right') left = after <= maxLeft ? after : before
  content.style.transform = `translate(${Math.round(clamp(left, maxLeft))}px, ${Math.round(clamp(top, maxTop))}px)`
}

function clamp(value: number, max: number): number {
  return Math.max(MARGIN, Math.min(value, max))
}
