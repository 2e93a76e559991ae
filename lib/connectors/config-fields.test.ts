import { expect, test } from 'vitest'
import { configFields } from './config-fields'
import { findConnector } from './registry'

test.each([
  ['gcs', 'service account', ['key_file']],
  ['gcs', 'hmac key', ['access_id', 'secret']],
  ['azure-blob', 'sas', ['sas_token']],
  ['azure-blob', 'key', ['account_key']],
])('the form of %s calls needed, with %s, what the server would refuse to miss', (id, way, names) => {
  const connector = findConnector(id)
  const shown = configFields(connector).filter(({ when }) => when?.field === 'sign_in' && when.is.includes(way))
  expect(shown.filter(({ required }) => required).map(({ name }) => name)).toEqual(names)
  const refused = connector.config.safeParse({ account_name: 'account', sign_in: way })
  expect(refused.error?.issues.map(({ path }) => path[0])).toEqual(names)
})
