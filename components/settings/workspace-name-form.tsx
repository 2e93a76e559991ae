'use client'

import { useState, useTransition, type FormEvent } from 'react'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { toast } from '@/components/ui/toaster'
import { renameWorkspaceAction } from '@/lib/workspace/actions'

export function WorkspaceNameForm({ name, isOwner }: { name: string; isOwner: boolean }) {
  const [value, setValue] = useState(name)
  const [error, setError] = useState<string>()
  const [isBusy, start] = useTransition()

  function submit(event: FormEvent): void {
    event.preventDefault()
    start(async () => {
      const result = await renameWorkspaceAction({ name: value })
      setError(result.ok ? undefined : (result.fields?.['name'] ?? result.error.detail ?? result.error.title))
      if (result.ok) toast.success('Workspace renamed')
    })
  }

  return (
    <form onSubmit={submit} noValidate>
      <Field label="Name" error={error} help={isOwner ? undefined : 'Only an owner renames the workspace.'}>
        {(field) => (
          <div className="flex gap-2">
            <Input {...field} value={value} maxLength={100} disabled={!isOwner} onChange={(event) => setValue(event.target.value)} />
            <Button type="submit" variant="outline" isBusy={isBusy} disabled={!isOwner || value.trim() === name}>Rename</Button>
          </div>
        )}
      </Field>
    </form>
  )
}
