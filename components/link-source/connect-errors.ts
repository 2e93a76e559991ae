import { isVisible, type ConfigErrors, type ConfigValues } from '@/components/connectors/config-values'
import { hasTableError, type TableErrors } from '@/components/files-table/table-draft'
import type { ErrorView } from '@/lib/core/errors'
import type { ConfigField } from '@/lib/sources/schema'

/** What is wrong in the Connect step, at its fields. */
export interface ConnectErrors {
  config: ConfigErrors
  name?: string
  prefix?: string
  /** Of tables that people make from files, by their place. */
  tables?: Record<number, TableErrors>
}

export const noErrors: ConnectErrors = { config: {} }

export function hasError({ config, name, prefix, tables = {} }: ConnectErrors): boolean {
  return Boolean(name || prefix || Object.keys(config).length || Object.values(tables).some(hasTableError))
}

/** Where a person would look first for this kind of failure. */
const suspects: Partial<Record<ErrorView['code'], string[]>> = {
  credentials: ['password', 'token', 'api_key', 'secret_access_key', 'secret', 'account_key', 'sas_token', 'key_file', 'user'],
  no_such_database: ['database'],
  unreachable: ['host', 'url'],
  refused: ['port', 'host'],
  tls: ['sslmode'],
}

/** The fields that a failure is about: named by the server, else told by its kind. */
export function errorsAt(error: ErrorView, fields: ConfigField[], values: ConfigValues): ConfigErrors {
  const shown = new Set(fields.filter((field) => isVisible(field, values)).map((field) => field.name))
  const named = Object.entries(error.fields ?? {}).filter(([name]) => shown.has(name))
  if (named.length) return Object.fromEntries(named)
  const suspect = suspects[error.code]?.find((name) => shown.has(name))
  return suspect ? { [suspect]: [error.title, error.advice].filter(Boolean).join('. ') } : {}
}

/** The server's words at the fields of this step: `prefix`, `name`, `config.host` or `host`, `tables.0.name`. */
export function linkErrors(words: Record<string, string>, fields: ConfigField[]): ConnectErrors {
  const { name, prefix, ...rest } = words
  const known = new Set(fields.map((field) => field.name))
  const config = Object.entries(rest).map(([path, message]) => [path.replace(/^config\./, ''), message] as const)
  return { name, prefix, config: Object.fromEntries(config.filter(([field]) => known.has(field))), tables: tableWords(rest) }
}

/** The server's words about tables: `tables.0.pattern`. */
function tableWords(words: Record<string, string>): Record<number, TableErrors> {
  const tables: Record<number, TableErrors> = {}
  for (const [path, message] of Object.entries(words)) {
    const [, place, field] = /^tables\.(\d+)\.(name|pattern)$/.exec(path) ?? []
    if (place && field) tables[Number(place)] = { ...tables[Number(place)], [field]: message }
  }
  return tables
}
