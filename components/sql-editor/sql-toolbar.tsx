'use client'

import { PanelLeft, Play, Save, Square } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Kbd } from '@/components/ui/kbd'
import type { AsOf } from '@/lib/sql-editor/schema'
import type { TableView } from '@/lib/tables/schema'
import { AsOfPicker } from './as-of-picker'
import { modKey } from './mod-key'

interface SqlToolbarProps {
  /** The saved query's name; null for one that is not saved. */
  name: string | null
  /** What is in the editor; null until it is known. */
  text: string | null
  tables: TableView[]
  isRunning: boolean
  asOf: AsOf | null
  onAsOf(asOf: AsOf | null): void
  onRun(): void
  onCancel(): void
  onSave(): void
  onTables(): void
}

/** Above the editor: run or cancel, what is open, save. */
export function SqlToolbar({ name, text, tables, isRunning, asOf, onAsOf, onRun, onCancel, onSave, onTables }: SqlToolbarProps) {
  const [key, setKey] = useState('Ctrl')
  useEffect(() => setKey(modKey()), [])
  const isEmpty = !text?.trim()
  return (
    <div className="flex min-h-11 items-center gap-2 border-b px-2">
      <Button variant="ghost" size="icon-sm" className="lg:hidden" aria-label="Tables and queries" onClick={onTables}><PanelLeft aria-hidden /></Button>
      {isRunning ? (
        <Button size="sm" variant="secondary" className="min-w-24" onClick={onCancel}><Square aria-hidden className="size-3.5" />Cancel<Kbd className="hidden sm:inline-flex">Esc</Kbd></Button>
      ) : (
        <Button size="sm" className="min-w-24" disabled={isEmpty} onClick={onRun}><Play aria-hidden className="size-3.5" />Run<Kbd className="hidden border-white/30 bg-transparent text-inherit sm:inline-flex">{key} ↵</Kbd></Button>
      )}
      <p className="min-w-0 flex-1 truncate px-1 text-sm text-muted-foreground">{name ? <span className="text-foreground">{name}</span> : 'Unsaved query'}</p>
      <AsOfPicker asOf={asOf} sql={text ?? ''} tables={tables} onChange={onAsOf} />
      <Button size="sm" variant="outline" disabled={isEmpty} onClick={onSave}><Save aria-hidden /><span className="hidden sm:inline">Save</span><span className="sr-only sm:hidden">Save query</span></Button>
    </div>
  )
}
