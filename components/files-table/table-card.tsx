'use client'

import { ChevronRight, Trash2 } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { StatusBadge } from '@/components/ui/status-badge'
import { formatLabels } from './format-labels'
import { foundWords } from './found-objects'
import { TableEditor, type TableEditorProps } from './table-editor'
import { hasTableError } from './table-draft'

interface TableCardProps extends TableEditorProps {
  /** From 1. */
  number: number
  isOpen: boolean
  isPassed: boolean
  onToggle(): void
  onRemove(): void
}

/** One of several tables of a form: folded to a line, or open. */
export function TableCard({ number, isOpen, isPassed, onToggle, onRemove, ...editor }: TableCardProps) {
  const { draft, check, errors } = editor
  const name = draft.name || `Table ${number}`
  const id = `${draft.key}-editor`
  return (
    <li className="rounded-md border border-border">
      <div className="flex min-w-0 items-center gap-2 py-1.5 pr-1.5 pl-2">
        <button type="button" aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={onToggle} className="flex min-w-0 flex-1 items-center gap-2 rounded-sm py-0.5 text-left">
          <ChevronRight aria-hidden className={cn('size-4 shrink-0 text-muted-foreground transition-transform motion-reduce:transition-none', isOpen && 'rotate-90')} />
          <span className="min-w-0 truncate font-medium sm:max-w-[50%] sm:shrink-0">{name}</span>
          <span className="min-w-0 flex-1 truncate font-mono text-xs text-muted-foreground [font-variant-ligatures:none] max-sm:hidden">{draft.pattern}</span>
          <span className="shrink-0 text-xs text-muted-foreground max-sm:hidden">{formatLabels[draft.settings.format]}</span>
        </button>
        {isOpen ? null : <State check={check} isPassed={isPassed} isFolder={draft.settings.format === 'delta'} hasError={hasTableError(errors)} />}
        <Button variant="ghost" size="icon-sm" className="text-muted-foreground" aria-label={`Remove ${name}`} onClick={onRemove}><Trash2 aria-hidden /></Button>
      </div>
      {isOpen ? <div id={id} className="border-t border-border p-3"><TableEditor {...editor} /></div> : null}
    </li>
  )
}

function State({ check, isPassed, isFolder, hasError }: { check: TableCardProps['check']; isPassed: boolean; isFolder: boolean; hasError: boolean }) {
  if (check?.isRunning) return <StatusBadge tone="running" className="shrink-0 text-sm">Checking</StatusBadge>
  if (isPassed && check?.preview) return <StatusBadge tone="fine" className="shrink-0 text-sm">{foundWords(check.preview, isFolder)}</StatusBadge>
  if (hasError || check?.error || check?.preview?.problem || check?.steps.some((step) => step.status === 'failed')) return <StatusBadge tone="broken" className="shrink-0 text-sm">Look at it</StatusBadge>
  return <StatusBadge tone="none" className="shrink-0 text-sm">Not checked</StatusBadge>
}
