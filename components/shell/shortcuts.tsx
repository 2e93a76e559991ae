'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'

const OPEN = 'tributary:shortcuts'
const CHORD_MS = 1_000

const places: Record<string, { label: string; href: string }> = {
  s: { label: 'Go to Sources', href: '/sources' },
  q: { label: 'Go to SQL', href: '/sql' },
  n: { label: 'Link a source', href: '/sources/new' },
  ',': { label: 'Go to Settings', href: '/settings' },
}

const others = [
  { label: 'Run the query', keys: ['Ctrl / ⌘', 'Enter'] },
  { label: 'Cancel the query', keys: ['Esc'] },
  { label: 'Show this list', keys: ['?'] },
]

export function openShortcuts(): void {
  window.dispatchEvent(new Event(OPEN))
}

/** `g s`, `g q`, `g n`, `g ,` and `?`, wherever nobody is typing; and the list of them. */
export function Shortcuts({ hasWarehouse }: { hasWarehouse: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  const router = useRouter()
  useEffect(() => {
    let chordAt = 0
    const show = (): void => setIsOpen(true)
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
      if (event.key === '?') return show()
      const place = Date.now() - chordAt < CHORD_MS ? places[event.key] : undefined
      chordAt = event.key === 'g' ? Date.now() : 0
      if (place && (hasWarehouse || place.href === '/settings')) router.push(place.href as Route)
    }
    window.addEventListener('keydown', press)
    window.addEventListener(OPEN, show)
    return () => {
      window.removeEventListener('keydown', press)
      window.removeEventListener(OPEN, show)
    }
  }, [router, hasWarehouse])

  const goings = Object.entries(places).filter(([, place]) => hasWarehouse || place.href === '/settings')
  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <DialogContent className="max-w-sm">
        <DialogHeader>
          <DialogTitle>Keyboard shortcuts</DialogTitle>
          <DialogDescription className="sr-only">Keys that work wherever you are not typing</DialogDescription>
        </DialogHeader>
        <dl>
          {goings.map(([key, { label }]) => <Line key={key} label={label} keys={['g', key]} />)}
          {others.map(({ label, keys }) => <Line key={label} label={label} keys={keys} />)}
        </dl>
      </DialogContent>
    </Dialog>
  )
}

function Line({ label, keys }: { label: string; keys: string[] }) {
  return (
    <div className="flex h-9 items-center justify-between gap-4 border-b last:border-b-0">
      <dt>{label}</dt>
      <dd className="flex gap-1">{keys.map((key) => <Kbd key={key}>{key}</Kbd>)}</dd>
    </div>
  )
}

/** Letters belong to whoever takes them: fields, editors, and what is open on top. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input,textarea,select,[contenteditable],[role=menu],[role=listbox],[role=dialog],[role=alertdialog]') !== null
}
