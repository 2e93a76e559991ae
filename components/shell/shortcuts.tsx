'use client'

import type { Route } from 'next'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

const ShortcutsDialog = dynamic(() => import('./shortcuts-dialog').then((loaded) => loaded.ShortcutsDialog), { ssr: false })

const OPEN = 'tributary:shortcuts'
const CHORD_MS = 1_000

const places: Record<string, { label: string; href: string }> = {
  s: { label: 'Go to Sources', href: '/sources' },
  q: { label: 'Go to SQL', href: '/sql' },
  n: { label: 'Link a source', href: '/sources/new' },
  ',': { label: 'Go to Settings', href: '/settings' },
}

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

  const goings = Object.entries(places).filter(([, place]) => hasWarehouse || place.href === '/settings').map(([key, { label }]) => ({ label, keys: ['g', key] }))
  return isOpen ? <ShortcutsDialog places={goings} onClose={() => setIsOpen(false)} /> : null
}

/** Letters belong to whoever takes them: fields, editors, and what is open on top. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input,textarea,select,[contenteditable],[role=menu],[role=listbox],[role=dialog],[role=alertdialog]') !== null
}
