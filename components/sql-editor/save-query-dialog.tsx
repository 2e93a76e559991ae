'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { saveQueryAction } from '@/lib/sql-editor/actions'
import type { AsOf } from '@/lib/sql-editor/schema'
import { asOfWords } from './as-of-words'

interface SaveQueryDialogProps {
  sql: string
  asOf: AsOf | null
  /** The saved query that is open; it is saved again in its place unless the name is another one. */
  opened: { id: string; name: string } | null
  onClose(): void
  onSaved(query: { id: string; name: string }): void
}

/** Give a query its name. */
export function SaveQueryDialog({ sql, asOf, opened, onClose, onSaved }: SaveQueryDialogProps) {
  const [name, setName] = useState(opened?.name ?? '')
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  const client = useQueryClient()
  const isSameName = opened !== null && name.trim() === opened.name

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    const result = await saveQueryAction({ id: isSameName ? opened.id : undefined, name, sql, asOf }).catch(() => undefined)
    setIsBusy(false)
    if (!result) return setError('Tributary cannot be reached. Check that it is running, then try again.')
    if (!result.ok) return setError(result.fields?.name ?? result.fields?.sql ?? [result.error.title, result.error.advice].filter(Boolean).join('. '))
    await client.invalidateQueries({ queryKey: ['sql-queries'] })
    onSaved({ id: result.value.id, name: name.trim() })
  }

  return (
    <Dialog open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <DialogContent>
        <form onSubmit={(event) => void submit(event)} className="grid gap-4">
          <DialogHeader>
            <DialogTitle>Save query</DialogTitle>
            <DialogDescription>Everybody in this workspace can open it.{asOf ? ` It reads its tables as of ${asOfWords(asOf)}.` : ''}</DialogDescription>
          </DialogHeader>
          <Field label="Name" error={error}>
            {(parts) => <Input {...parts} value={name} onChange={(event) => setName(event.target.value)} maxLength={100} required autoFocus />}
          </Field>
          <DialogFooter>
            <Button variant="outline" onClick={onClose}>Cancel</Button>
            <Button type="submit" isBusy={isBusy}>{isSameName ? 'Save changes' : 'Save query'}</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  )
}
