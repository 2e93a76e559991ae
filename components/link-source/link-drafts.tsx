'use client'

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import type { LinkForm } from '@/lib/sources/link-schema'
import { newDraft, type LinkDraft } from './link-draft'

interface Drafts {
  drafts: Record<string, LinkDraft>
  setDraft(connectorId: string, change: (draft: LinkDraft | undefined) => LinkDraft | undefined): void
}

const DraftsContext = createContext<Drafts | null>(null)

/** Keeps what was typed while a person goes between the catalogue and the steps; gone when they leave. */
export function LinkDraftsProvider({ children }: { children: ReactNode }) {
  const [drafts, setDrafts] = useState<Record<string, LinkDraft>>({})
  const setDraft = useCallback<Drafts['setDraft']>((connectorId, change) => {
    setDrafts((all) => {
      const { [connectorId]: current, ...others } = all
      const next = change(current)
      return next ? { ...others, [connectorId]: next } : others
    })
  }, [])
  const value = useMemo(() => ({ drafts, setDraft }), [drafts, setDraft])
  return <DraftsContext value={value}>{children}</DraftsContext>
}

export type ChangeDraft = (change: Partial<LinkDraft> | ((draft: LinkDraft) => LinkDraft)) => void

/** The draft of one connector's form, and how to change it. */
export function useLinkDraft(form: LinkForm): { draft: LinkDraft; change: ChangeDraft } {
  const { drafts, setDraft } = useDrafts()
  const id = form.connector.id
  const fresh = useMemo(() => newDraft(form), [form])
  const change = useCallback<ChangeDraft>(
    (given) => setDraft(id, (current = fresh) => (typeof given === 'function' ? given(current) : { ...current, ...given })),
    [fresh, id, setDraft],
  )
  return { draft: drafts[id] ?? fresh, change }
}

/** Forget what was typed for a connector, secrets too: its source is linked. */
export function useForgetDraft(connectorId: string): void {
  const { setDraft } = useDrafts()
  useEffect(() => setDraft(connectorId, () => undefined), [connectorId, setDraft])
}

function useDrafts(): Drafts {
  const context = useContext(DraftsContext)
  if (!context) throw new Error('A draft needs a LinkDraftsProvider around it')
  return context
}
