'use client'

import { useState, useTransition, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { formatQuantity } from '@/lib/core/format'
import { changeWorkspaceRetentionAction } from '@/lib/tables/actions'
import type { WorkspaceRetention } from '@/lib/tables/versions-schema'

/** How many versions of a table are kept, and for how long, where the table does not say it; an empty field is the usual number. */
export function RetentionForm({ retention, isOwner }: { retention: WorkspaceRetention; isOwner: boolean }) {
  const [versions, setVersions] = useState(retention.isOwnVersions ? String(retention.versions) : '')
  const [days, setDays] = useState(retention.isOwnDays ? String(retention.days) : '')
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [isBusy, start] = useTransition()

  function submit(event: FormEvent): void {
    event.preventDefault()
    const numberOf = (text: string) => (text.trim() === '' ? null : Number(text))
    start(async () => {
      const result = await changeWorkspaceRetentionAction({ versions: numberOf(versions), days: numberOf(days) })
      setErrors(result.ok ? {} : (result.fields ?? {}))
      if (result.ok) toast.success('Versions are kept as you said')
      else if (!result.fields) toast.error(result.error.title, { description: result.error.detail })
    })
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <Field label="Versions of a table" hint={`usually ${retention.usualVersions}`} error={errors['versions']} help="Each sync that changed a row made one; so does each compaction.">
        {(parts) => <Input {...parts} type="number" inputMode="numeric" min={1} step={1} className="max-w-40" disabled={!isOwner} placeholder={String(retention.usualVersions)} value={versions} onChange={(event) => setVersions(event.target.value)} />}
      </Field>
      <Field label="Days" hint={`usually ${retention.usualDays}`} error={errors['days']} help="Counted from when a newer version took its place. A version past one of the two goes with the next sweep; the current one always stays, and one that is being read.">
        {(parts) => <Input {...parts} type="number" inputMode="numeric" min={0} step={1} className="max-w-40" disabled={!isOwner} placeholder={String(retention.usualDays)} value={days} onChange={(event) => setDays(event.target.value)} />}
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="outline" isBusy={isBusy} disabled={!isOwner}>Save</Button>
        <p className="text-sm text-muted-foreground">{isOwner ? ownWords(retention.ownTables) : 'Only an owner changes how long versions are kept.'}</p>
      </div>
    </form>
  )
}

function ownWords(tables: number): string {
  if (tables === 0) return 'A table may say otherwise on its page of versions.'
  return `${formatQuantity(tables, 'table')} ${tables === 1 ? 'says' : 'say'} otherwise on ${tables === 1 ? 'its page' : 'their pages'} of versions.`
}
