import { configFields } from '@/lib/connectors/config-fields'
import type { Connector } from '@/lib/connectors/contract'
import { findConnector } from '@/lib/connectors/registry'
import { AppError } from '@/lib/core/errors'
import type { SourceRow } from '@/lib/db/sources'
import { openSecrets } from '@/lib/syncs/source-secrets'
import type { ConfigInput } from './schema'

/**
 * A saved source's config with the fields of a form laid over it. A secret left blank keeps its value, but
 * only while the secret goes to the same place: who changes the host must enter the password again, else
 * whoever may edit a source could have its secret sent to a server of their own.
 */
export function savedConfig(source: SourceRow, given: ConfigInput): { connector: Connector; merged: ConfigInput } {
  const connector = findConnector(source.connector)
  const fields = configFields(connector)
  const secrets = openSecrets(source.id, source.sealedSecrets)
  const merged: ConfigInput = { ...source.config }
  for (const { name, secret } of fields) {
    const value = given[name]
    if (value !== undefined && !secret) merged[name] = value
  }
  const isElsewhere = fields.some(({ name, isDestination }) => isDestination && String(merged[name] ?? '') !== String(source.config[name] ?? ''))
  for (const { name, label, secret } of fields) {
    if (!secret) continue
    const value = given[name]
    const isGiven = value !== undefined && value !== '' && value !== null
    if (isGiven) merged[name] = value
    else if (secrets[name] !== undefined && secrets[name] !== '') {
      if (isElsewhere) throw askAgain(name, label)
      merged[name] = secrets[name]
    }
  }
  return { connector, merged }
}

function askAgain(name: string, label: string): AppError {
  const message = `Enter it again: the saved one is not sent to another address`
  return new AppError('invalid', { title: `${label} is needed for the new address`, detail: 'A saved secret is only ever sent where it was meant for', advice: `Enter the ${label.toLowerCase()} again` }, { fields: { [name]: message } })
}
