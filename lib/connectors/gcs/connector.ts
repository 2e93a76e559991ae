import type { FilesConnector } from '../contract'
import type { ObjectAccess } from '../objects/object-access'
import type { FilesAddress } from '../objects/pattern'
import { checkStore, checkStoreFiles } from '../objects/s3/s3-check'
import { S3Objects } from '../objects/s3/s3-objects'
import { addressOf, GCS_EXAMPLE } from './address'
import { checkAccount, checkAccountFiles } from './check'
import { GcsConfig } from './config'
import { GCS_INSTRUCTIONS } from './instructions'
import { GcsObjects } from './json-access'
import { accountOf, storeOf } from './ways-in'

/** Files in a bucket of Google's: by a service account through its own API, or by an HMAC key through the one that speaks S3. */
export const gcs = {
  id: 'gcs',
  label: 'Google Cloud Storage',
  group: 'self-managed',
  category: 'Files',
  description: 'CSV, JSON, Parquet and Delta files in a bucket of Google Cloud',
  config: GcsConfig,
  instructions: GCS_INSTRUCTIONS,
  suggestName: () => 'Google Cloud Storage',
  check: (config, signal) => {
    const account = accountOf(config)
    return account ? checkAccount(account, signal) : checkStore(storeOf(config), signal)
  },
  discover: () => Promise.resolve([]),
  files: {
    patternExample: GCS_EXAMPLE,
    patternHelp: '* stands for anything within a folder, ** for any folders',
    checkPattern: (config, pattern) => void addressOf(config, pattern),
    check: (config, pattern, signal) => {
      const [account, address] = [accountOf(config), addressOf(config, pattern)]
      return account ? checkAccountFiles(account, address, signal) : checkStoreFiles(storeOf(config), address, signal)
    },
    open: (config, pattern) => objectsOf(config, addressOf(config, pattern)),
  },
} satisfies FilesConnector<GcsConfig>

function objectsOf(config: GcsConfig, address: FilesAddress): ObjectAccess {
  const account = accountOf(config)
  return account ? new GcsObjects(account, address) : new S3Objects(storeOf(config), address)
}
