'use client'

import { useState } from 'react'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

interface ConnectionStringFieldProps {
  /** False when the text is not a connection string. */
  onPasted(text: string): boolean
  /** Labels of the fields that the last one filled. */
  filled: string[]
  disabled: boolean
}

/** Takes a connection string apart as soon as it is one, and keeps nothing of it. */
export function ConnectionStringField({ onPasted, filled, disabled }: ConnectionStringFieldProps) {
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)

  function finish(value: string) {
    const isTaken = value.trim() !== '' && onPasted(value)
    setText(isTaken ? '' : value)
    setWrong(!isTaken && value.trim() !== '')
  }

  return (
    <div className="sm:col-span-6">
      <Field
        label="Connection string"
        hint="optional"
        error={isWrong ? 'This is not a connection string such as postgresql://user:password@host:5432/database' : undefined}
        help={<span aria-live="polite">{filled.length ? `Filled in: ${filled.join(', ')}` : 'Paste one to fill in the fields below. It is not kept.'}</span>}
      >
        {(parts) => (
          <Input
            {...parts}
            value={text}
            disabled={disabled}
            autoComplete="off"
            spellCheck={false}
            className="font-mono text-sm [font-variant-ligatures:none]"
            placeholder="postgresql://user:password@host:5432/database"
            onChange={(event) => {
              setWrong(false)
              setText(event.target.value)
            }}
            onPaste={(event) => {
              event.preventDefault()
              finish(event.clipboardData.getData('text'))
            }}
            onBlur={(event) => finish(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !text.trim()) return
              event.preventDefault()
              finish(text)
            }}
          />
        )}
      </Field>
    </div>
  )
}
