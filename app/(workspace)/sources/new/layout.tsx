import type { ReactNode } from 'react'
import { LinkDraftsProvider } from '@/components/link-source/link-drafts'

/** Holds what was typed while a person goes between the catalogue and the steps. */
export default function NewSourceLayout({ children }: { children: ReactNode }) {
  return <LinkDraftsProvider>{children}</LinkDraftsProvider>
}
