import { configFields } from '@/lib/connectors/config-fields'
import type { Connector } from '@/lib/connectors/contract'
import { findConnector } from '@/lib/connectors/registry'
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
    if (value === undefined) continue
    if (!secret) merged[name] = value
  }
  const isElsewhere = fields.some(({ name, isDestination }) => isDestination && String(merged[name] ?? '') !== String(source.config[name] ?? ''))
  for (const { name, secret } of fields) {
    if (!secret) continue
    const value = given[name]
    if (value !== undefined && value !== '' && value !== null) merged[name] = value
    else if (!isElsewhere && secrets[name] !== undefined) merged[name] = secrets[name]
  }
  return { connector, merged }
}
