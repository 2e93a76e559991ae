import { AppError } from '@/lib/core/errors'
import { azureBlob } from './azure-blob/connector'
import type { Connector } from './contract'
import { gcs } from './gcs/connector'
import { googleSheets } from './google-sheets/connector'
import { https } from './https/connector'
import { postgres } from './postgres/connector'
import { r2 } from './r2/connector'
import { s3 } from './s3/connector'
import { stripe } from './stripe/connector'
import { upload } from './upload/connector'

/** Each connector knows the type of its config alone: what it is handed was parsed by its own schema. */
const CONNECTORS: Connector[] = [
  postgres as Connector,
  stripe as Connector,
  s3 as Connector,
  gcs as Connector,
  azureBlob as Connector,
  r2 as Connector,
  https as Connector,
  googleSheets as Connector,
  upload as Connector,
]

/** Every connector, in the order of the catalogue. */
export function listConnectors(): Connector[] {
  return CONNECTORS
}

/** The connector with this id. Throws AppError `not_found`. */
export function findConnector(id: string): Connector {
  const connector = CONNECTORS.find((candidate) => candidate.id === id)
  if (connector) return connector
  throw new AppError('not_found', {
    title: `There is no connector named ${id}`,
    detail: `There are: ${CONNECTORS.map((known) => known.id).join(', ')}`,
    advice: 'tributary connectors lists them',
  })
}
