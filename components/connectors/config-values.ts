import type { ConfigField, ConfigInput } from '@/lib/sources/schema'

/** What stands in the fields of a form, by field name; always text, whatever the config wants. */
export type ConfigValues = Record<string, string>

/** What is wrong with a field, in words, by field name. */
export type ConfigErrors = Record<string, string>

/** The values a form starts with: what is stored, else the connector's own defaults. Secrets start blank. */
export function initialValues(fields: ConfigField[], stored: ConfigInput = {}): ConfigValues {
  return Object.fromEntries(fields.map((field) => [field.name, field.secret ? '' : String(stored[field.name] ?? field.initial)]))
}

/** Is the field shown, given what stands in the others? */
export function isVisible(field: ConfigField, values: ConfigValues): boolean {
  return !field.when || field.when.is.includes(values[field.when.field] ?? '')
}

/**
 * The form's text as a connector's config. A blank secret or number is left out (a stored secret then keeps
 * its value, a number takes its default); any other blank is sent, so that a setting can be cleared.
 */
export function toConfigInput(fields: ConfigField[], values: ConfigValues): ConfigInput {
  const config: ConfigInput = {}
  for (const field of fields) {
    if (!isVisible(field, values)) continue
    const text = values[field.name] ?? ''
    const isBlank = text.trim() === ''
    if (isBlank && (field.secret || field.control === 'number' || field.control === 'select')) continue
    // A password may begin or end with a space; nothing else does on purpose.
    config[field.name] = field.control === 'number' ? Number(text) : field.secret ? text : text.trim()
  }
  return config
}

/** What can be said about the values before anything is asked of the source. */
export function fieldErrors(fields: ConfigField[], values: ConfigValues, setSecrets: string[] = []): ConfigErrors {
  const errors: ConfigErrors = {}
  for (const field of fields) {
    if (!isVisible(field, values)) continue
    const text = (values[field.name] ?? '').trim()
    if (!text && field.required && !(field.secret && setSecrets.includes(field.name))) {
      errors[field.name] = `Enter the ${field.label.toLowerCase() === field.label ? field.label : lowerFirst(field.label)}`
    } else if (text && field.control === 'number' && !/^-?\d+$/.test(text)) {
      errors[field.name] = 'Use digits only'
    }
  }
  return errors
}

/** "Password" → "password", but "CA certificate" stays. */
function lowerFirst(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
}
