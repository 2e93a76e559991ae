'use client'

import { useState } from 'react'
import type { ConfigField } from '@/lib/sources/schema'
import { ConfigFieldRow } from './config-field-row'
import { isVisible, type ConfigErrors, type ConfigValues } from './config-values'
import { ConnectionStringField } from './connection-string-field'
import { parseConnectionString } from './parse-connection-string'

const CONNECTION_STRING = 'connection_string'

interface ConfigFieldsProps {
  fields: ConfigField[]
  values: ConfigValues
  errors?: ConfigErrors
  /** Gets only the values that changed. */
  onChange(changes: ConfigValues): void
  /** Secret fields that already have a value; left blank, it stays. */
  setSecrets?: string[]
  disabled?: boolean
}

/** The fields of a connector's config as a form draws them. A connection string, pasted anywhere, fills them. */
export function ConfigFields({ fields, values, errors = {}, onChange, setSecrets = [], disabled = false }: ConfigFieldsProps) {
  const [filled, setFilled] = useState<string[]>([])
  // A connector that has this field takes connection strings; the field itself is only the place to paste one.
  const takesConnectionString = fields.some((field) => field.name === CONNECTION_STRING)

  /** Fill what the string says; what it doesn't say keeps its value. False when it is not a connection string. */
  function fill(text: string): boolean {
    const parts = takesConnectionString ? parseConnectionString(text) : null
    if (!parts) return false
    const found = new Map<string, string>(Object.entries(parts))
    const usable = fields.filter((field) => acceptsPart(field, found.get(field.name)))
    onChange(Object.fromEntries(usable.map((field) => [field.name, found.get(field.name) ?? ''])))
    setFilled(usable.map((field) => field.label))
    return true
  }

  return (
    <div className="grid grid-cols-1 gap-x-4 gap-y-5 sm:grid-cols-6">
      {takesConnectionString ? <ConnectionStringField onPasted={fill} filled={filled} disabled={disabled} /> : null}
      {fields
        .filter((field) => field.name !== CONNECTION_STRING && field.control !== 'hidden' && isVisible(field, values))
        .map((field) => (
          <ConfigFieldRow
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            error={errors[field.name]}
            isSet={field.secret && setSecrets.includes(field.name)}
            disabled={disabled}
            onChange={(value) => onChange({ [field.name]: value })}
            onPaste={fill}
          />
        ))}
    </div>
  )
}

/** A select takes only what it offers: `sslmode=allow` is left to the default. */
function acceptsPart(field: ConfigField, part: string | undefined): boolean {
  return part !== undefined && (!field.options || field.options.includes(part))
}
