import { secretFieldNames } from '@/lib/connectors/config-fields'
import type { Connector } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import type { ConfigInput } from './schema'

/** A form's values as the connector's own config; what is wrong with a field stands at that field. */
export function parseConfig(connector: Connector, input: ConfigInput): unknown {
  const read = connector.config.safeParse(withoutBlanks(input))
  if (read.success) return read.data
  const fields: Record<string, string> = {}
  for (const issue of read.error.issues) fields[String(issue.path[0] ?? '')] ??= issue.message
  const [name, message] = Object.entries(fields)[0] ?? []
  throw new AppError('invalid', {
    title: 'The configuration is not complete',
    detail: name ? `${name}: ${message}` : message,
    advice: 'Correct it, then try again',
  }, { fields })
}

/** A blank field of a form was not filled in: its default applies. */
function withoutBlanks(input: ConfigInput): ConfigInput {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== '' && value !== null))
}

/** A parsed config, parted into what may be shown and what is sealed. */
export function partConfig(connector: Connector, config: unknown): { shown: ConfigInput; secrets: ConfigInput } {
  const secretNames = new Set(secretFieldNames(connector))
  const shown: ConfigInput = {}
  const secrets: ConfigInput = {}
  for (const [name, value] of Object.entries(config as ConfigInput)) {
    if (value === undefined || value === null) continue
    if (secretNames.has(name)) secrets[name] = value
    else shown[name] = value
  }
  return { shown, secrets }
}
