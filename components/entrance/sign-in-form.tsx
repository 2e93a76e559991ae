'use client'

import { useState, type FormEvent } from 'react'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { ErrorView } from '@/lib/core/errors'
import { EntranceCard } from './entrance-card'
import { PasswordInput } from './password-input'
import { signInWithPassword } from './sign-in-with-password'

/** `next` is a path of our own, checked by the page. */
export function SignInForm({ next }: { next: string }) {
  const [error, setError] = useState<ErrorView>()
  const [isBusy, setIsBusy] = useState(false)

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setIsBusy(true)
    setError(undefined)
    const refusal = await signInWithPassword(String(form.get('email')), String(form.get('password')))
    // A full load: nothing that was fetched as a stranger stays.
    if (!refusal) return window.location.assign(next)
    setError(refusal)
    setIsBusy(false)
  }

  return (
    <EntranceCard title="Sign in">
      <form method="post" onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field label="E-mail">
          {(field) => <Input {...field} name="email" type="email" autoComplete="username" required autoFocus className="h-9" spellCheck={false} />}
        </Field>
        <Field label="Password">
          {(field) => <PasswordInput {...field} name="password" autoComplete="current-password" required />}
        </Field>
        {error ? <ErrorState error={error} /> : null}
        <Button type="submit" size="lg" isBusy={isBusy}>Sign in</Button>
      </form>
    </EntranceCard>
  )
}
