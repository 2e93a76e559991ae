import { configFields } from '@/lib/connectors/config-fields'
import { isFilesConnector, type Connector } from '@/lib/connectors/contract'
import { listConnectors } from '@/lib/connectors/registry'
import type { ConnectorView, FilesForm } from './schema'

/** The catalogue: what can be linked, with the fields of each form. */
export function connectorViews(): ConnectorView[] {
  return listConnectors().map((connector) => {
    const { id, label, group, category, description, instructions } = connector
    return { id, label, group, category, description, instructions, fields: configFields(connector), files: filesForm(connector) }
  })
}

function filesForm(connector: Connector): FilesForm | null {
  if (!isFilesConnector(connector) || connector.files.ownTables) return null
  const { patternExample, patternHelp, isList = false, byHand = false } = connector.files
  return { patternExample, patternHelp, isList, byHand }
}
