'use client'

import { useState } from 'react'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'

interface ConnectionStringFieldProps {
  id: string
  /** False when the text is not a connection string. */
  onPasted(text: string): boolean
  /** Labels of the fields that the last one filled. */
  filled: string[]
  disabled: boolean
}

/** Takes a connection string apart as soon as it is one, and keeps nothing of it. */
export function ConnectionStringField({ id, onPasted, filled, disabled }: ConnectionStringFieldProps) {
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)

  function take(value: string, isFinished: boolean) {
    setWrong(false)
    if (isFinished && value.trim() && onPasted(value)) return setText('')
    if (isFinished && value.trim()) setWrong(true)
    setText(value)
  }

  return (
    <div className="flex flex-col gap-1.5 rounded-md border border-dashed border-border bg-muted/40 p-3 sm:col-span-6">
      <Label htmlFor={id}>Paste a connection string</Label>
      <Input
        id={id}
        value={text}
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        className="font-mono text-[13px]"
        placeholder="postgresql://user:password@host:5432/database"
        aria-invalid={isWrong || undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => take(event.target.value, false)}
        onPaste={(event) => {
          event.preventDefault()
          take(event.clipboardData.getData('text'), true)
        }}
        onBlur={(event) => take(event.target.value, true)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !text.trim()) return
          event.preventDefault()
          take(text, true)
        }}
      />
      <p id={`${id}-note`} aria-live="polite" className={isWrong ? 'text-[13px] text-destructive' : 'text-[13px] text-muted-foreground'}>
        {isWrong
          ? 'This is not a connection string such as postgresql://user:password@host:5432/database'
          : filled.length
            ? `Filled in: ${filled.join(', ')}`
            : 'Optional. It fills in the fields below and is not kept.'}
      </p>
    </div>
  )
}
