'use client'

import Link from 'next/link'
import { useState, type FormEvent } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { ErrorView } from '@/lib/core/errors'
import { createFirstAdminAction } from '@/lib/workspace/actions'
import { EntranceCard } from './entrance-card'
import { PasswordInput } from './password-input'
import { signInWithPassword } from './sign-in-with-password'

const unreachable: ErrorView = { code: 'unreachable', title: 'Tributary does not answer', detail: 'The request did not reach the server', advice: 'Check that it is running, then try again', isRetryable: true }

/** The first visitor becomes the administrator and is signed in at once. */
export function SetupForm() {
  const [error, setError] = useState<ErrorView>()
  const [fields, setFields] = useState<Record<string, string>>({})
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [email, name, password] = ['email', 'name', 'password'].map((field) => String(form.get(field))) as [string, string, string]
    setIsBusy(true)
    setError(undefined)
    setFields({})
    const made = await createFirstAdminAction({ email, name, password }).catch(() => ({ ok: false as const, error: unreachable, fields: undefined }))
    if (made.ok) {
      const refusal = await signInWithPassword(email, password)
      if (!refusal) return window.location.assign('/sources')
      setError(refusal)
    } else if (made.fields) setFields(made.fields)
    else setError(made.error)
    setIsBusy(false)
  }

  return (
    <EntranceCard title="Create the first administrator" description="This installation is new. Whoever creates the administrator owns its workspace.">
      <form method="post" noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field label="Name" hint="Optional" error={fields['name']}>
          {(field) => <Input {...field} name="name" autoComplete="name" maxLength={100} autoFocus className="h-9" />}
        </Field>
        <Field label="E-mail" error={fields['email']}>
          {(field) => <Input {...field} name="email" type="email" autoComplete="username" required className="h-9" spellCheck={false} />}
        </Field>
        <Field label="Password" error={fields['password']} help="10 characters or more. It never leaves this installation.">
          {(field) => <PasswordInput {...field} name="password" autoComplete="new-password" required />}
        </Field>
        {error ? <ErrorState error={error} actions={error.code === 'conflict' ? <Button asChild size="sm" variant="outline"><Link href="/sign-in">Sign in</Link></Button> : undefined} /> : null}
        <Button type="submit" size="lg" isBusy={isBusy}>Create administrator</Button>
      </form>
    </EntranceCard>
  )
}
