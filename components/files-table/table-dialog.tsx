'use client'

import { useRef, type FormEvent, type ReactNode } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import type { FilesForm } from '@/lib/sources/schema'
import { TableEditor } from './table-editor'
import type { useOneTable } from './use-one-table'

export function TableDialog({ title, words, onClose, children }: { title: string; words: ReactNode; onClose(): void; children: ReactNode }) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="grid-rows-[auto_minmax(0,1fr)] overflow-hidden sm:max-w-4xl">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">{title}</DialogTitle>
          <DialogDescription>{words}</DialogDescription>
        </DialogHeader>
        {children}
      </DialogContent>
    </Dialog>
  )
}

interface TableFormProps {
  form: FilesForm
  state: ReturnType<typeof useOneTable>
  isNameFixed?: boolean
  /** What the button says once the table may be saved. */
  saveLabel: string
  /** Beside the buttons: what saving means. */
  footnote?: ReactNode
  onSubmit(): Promise<void>
  onClose(): void
}

export function TableForm({ form, state, isNameFixed = false, saveLabel, footnote, onSubmit, onClose }: TableFormProps) {
  const element = useRef<HTMLFormElement>(null)
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    await onSubmit()
    // what was refused is drawn by the next frame
    requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }
  return (
    <form ref={element} className="contents" noValidate onSubmit={(event) => void submit(event)}>
      <div className="-mx-5 grid grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto px-5 py-1">
        <TableEditor form={form} draft={state.draft} errors={state.errors} check={state.check} isStale={state.isStale} sourceFrequency={null} isNameFixed={isNameFixed} disabled={state.isSaving} isLookShown={state.isAsked} onChange={state.edit} onCheck={(draft) => void state.look(draft)} />
        {state.error ? <ErrorState error={state.error} /> : null}
      </div>
      <DialogFooter className="sm:items-center">
        <p role="status" className="flex-1 text-sm text-muted-foreground">{footnote}</p>
        {state.isChecking ? <Button variant="ghost" onClick={state.cancel}>Stop the check</Button> : null}
        <Button variant="outline" onClick={onClose}>Cancel</Button>
        <Button type="submit" isBusy={state.isChecking || state.isSaving} className="min-w-24">{state.isReady ? saveLabel : 'Check'}</Button>
      </DialogFooter>
    </form>
  )
}
