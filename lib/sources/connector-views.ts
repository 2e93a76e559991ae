import { configFields } from '@/lib/connectors/config-fields'
import { listConnectors } from '@/lib/connectors/registry'
import type { ConnectorView } from './schema'

/** The catalogue: what can be linked, with the fields of each form. */
export function connectorViews(): ConnectorView[] {
  return listConnectors().map((connector) => {
    const { id, label, group, category, description, instructions } = connector
    return { id, label, group, category, description, instructions, fields: configFields(connector) }
  })
}
