'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState, type ClipboardEvent, type ComponentProps } from 'react'
import { cn } from '@/components/ui/cn'
import { Field, type FieldParts } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { Textarea } from '@/components/ui/textarea'
import { useHydrated } from '@/components/ui/use-hydrated'
import type { ConfigField } from '@/lib/sources/schema'

interface ConfigFieldRowProps {
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
  const { field, error, isSet } = props
  return (
    <div className={width(field)} data-field={field.name}>
      <Field label={field.label} help={field.help} error={error} hint={field.required || isSet || field.initial ? undefined : 'optional'}>
        {(parts) => <Control {...props} parts={parts} />}
      </Field>
    </div>
  )
}

/** Host and port, user and password share a line where there is room. */
function width(field: ConfigField): string {
  if (field.name === 'host') return 'sm:col-span-4'
  if (field.control === 'number') return 'sm:col-span-2'
  if (field.name === 'user' || field.name === 'password') return 'sm:col-span-3'
  return 'sm:col-span-6'
}

type ControlProps = ConfigFieldRowProps & { parts: FieldParts }

function Control({ field, value, isSet, disabled, onChange, onPaste, parts }: ControlProps) {
  const isHydrated = useHydrated()
  const shared = { ...parts, disabled, 'aria-required': field.required && !isSet ? true : undefined }
  if (field.control === 'select' || field.options) {
    return (
      <Select value={value} onValueChange={onChange} disabled={disabled}>
        <SelectTrigger {...parts}>
          <SelectValue placeholder="Choose" />
        </SelectTrigger>
        <SelectContent>
          {(field.options ?? []).map((option) => (
            <SelectItem key={option} value={option}>{field.labels?.[option] ?? option}</SelectItem>
          ))}
        </SelectContent>
      </Select>
    )
  }
  const typed = { ...shared, value, readOnly: !isHydrated, autoComplete: 'off', spellCheck: false, autoCapitalize: 'none', placeholder: isSet ? 'Unchanged; type to replace it' : field.placeholder }
  if (field.control === 'textarea') return <Textarea {...typed} rows={4} className="font-mono text-sm [font-variant-ligatures:none]" onChange={(event) => onChange(event.target.value)} />
  if (field.secret) return <SecretInput {...typed} label={field.label} onValue={onChange} />
  const takePaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData('text')
    if (text.includes('://') && onPaste(text)) event.preventDefault()
  }
  return <Input {...typed} inputMode={field.control === 'number' ? 'numeric' : undefined} onChange={(event) => onChange(event.target.value)} onPaste={takePaste} />
}

type SecretInputProps = Omit<ComponentProps<typeof Input>, 'onChange'> & { label: string; onValue(value: string): void }

/** `new-password` keeps browsers from filling in the person's own password for this site. */
function SecretInput({ label, onValue, ...input }: SecretInputProps) {
  const [isShown, setShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <div className="relative">
      <Input {...input} type={isShown ? 'text' : 'password'} autoComplete="new-password" className={cn('pr-9', input.className)} data-1p-ignore data-lpignore="true" onChange={(event) => onValue(event.target.value)} />
      <button
        type="button"
        aria-label={`${isShown ? 'Hide' : 'Show'} ${label.toLowerCase()}`}
        disabled={input.disabled}
        onClick={() => setShown(!isShown)}
        className="absolute inset-y-0 right-0 flex w-8 items-center justify-center rounded-r-md text-muted-foreground hover:text-foreground"
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </div>
  )
}
