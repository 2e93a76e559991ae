'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState, type ClipboardEvent } from 'react'
import { Input } from '@/components/ui/input'
import { Label } from '@/components/ui/label'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import type { ConfigField } from '@/lib/sources/schema'

interface ConfigFieldRowProps {
  id: string
  field: ConfigField
  value: string
  error: string | undefined
  /** A stored secret: blank keeps it. */
  isSet: boolean
  disabled: boolean
  onChange(value: string): void
  /** True when the pasted text was taken as a connection string. */
  onPaste(text: string): boolean
}

/** One field: its label, its control, its help, and its error where the eye already is. */
export function ConfigFieldRow(props: ConfigFieldRowProps) {
  const { id, field, error, isSet } = props
  const helpId = field.help ? `${id}-help` : undefined
  const errorId = error ? `${id}-error` : undefined
  return (
    <div className={`flex flex-col gap-1.5 ${columns(field)}`} data-field={field.name}>
      <Label htmlFor={id}>
        {field.label}
        {field.required || isSet ? null : <span className="font-normal text-muted-foreground"> optional</span>}
      </Label>
      <Control {...props} describedBy={[errorId, helpId].filter(Boolean).join(' ') || undefined} />
      {error ? (
        <p id={errorId} className="text-[13px] text-destructive">
          {error}
        </p>
      ) : null}
      {field.help ? (
        <p id={helpId} className="text-[13px] text-muted-foreground">
          {field.help}
        </p>
      ) : null}
    </div>
  )
}

/** Host and port, user and password share a line where there is room. */
function columns(field: ConfigField): string {
  if (field.name === 'host') return 'sm:col-span-4'
  if (field.control === 'number' || field.name === 'port') return 'sm:col-span-2'
  if (field.name === 'user' || field.name === 'password') return 'sm:col-span-3'
  return 'sm:col-span-6'
}

type ControlProps = ConfigFieldRowProps & { describedBy: string | undefined }

function Control({ id, field, value, error, isSet, disabled, onChange, onPaste, describedBy }: ControlProps) {
  const shared = { id, disabled, 'aria-invalid': error ? true : undefined, 'aria-describedby': describedBy, 'aria-required': field.required && !isSet ? true : undefined }
  const takePaste = (event: ClipboardEvent<HTMLInputElement>) => {
    if (/:\/\//.test(event.clipboardData.getData('text')) && onPaste(event.clipboardData.getData('text'))) event.preventDefault()
  }
  if (field.control === 'select' || field.options) {
    return (
      <Select value={value} onValueChange={onChange} disabled={disabled}>
        <SelectTrigger {...shared} className="w-full">
          <SelectValue placeholder="Choose" />
        </SelectTrigger>
        <SelectContent>
          {(field.options ?? []).map((option) => (
            <SelectItem key={option} value={option}>
              {option}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
    )
  }
  const typed = { ...shared, value, autoComplete: 'off', spellCheck: false, autoCapitalize: 'none', placeholder: isSet ? 'Unchanged; type to replace' : field.placeholder }
  if (field.control === 'textarea') {
    return <Textarea {...typed} rows={4} className="font-mono text-[13px]" onChange={(event) => onChange(event.target.value)} />
  }
  if (field.secret) return <SecretInput {...typed} label={field.label} onValue={onChange} />
  return <Input {...typed} inputMode={field.control === 'number' ? 'numeric' : undefined} onChange={(event) => onChange(event.target.value)} onPaste={takePaste} />
}

type SecretInputProps = Omit<React.ComponentProps<typeof Input>, 'onChange'> & { label: string; onValue(value: string): void }

/** `new-password` keeps browsers from filling in the person's own password for this site. */
function SecretInput({ label, onValue, ...input }: SecretInputProps) {
  const [isShown, setShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <div className="relative">
      <Input {...input} type={isShown ? 'text' : 'password'} autoComplete="new-password" className="pr-9" data-1p-ignore data-lpignore="true" onChange={(event) => onValue(event.target.value)} />
      <button
        type="button"
        aria-label={`${isShown ? 'Hide' : 'Show'} ${label.toLowerCase()}`}
        aria-pressed={isShown}
        disabled={input.disabled}
        onClick={() => setShown(!isShown)}
        className="absolute inset-y-0 right-0 flex w-9 items-center justify-center rounded-r-md text-muted-foreground hover:text-foreground focus-visible:outline-2 focus-visible:outline-ring"
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </div>
  )
}
