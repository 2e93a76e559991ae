import type { FilesConnector } from '../contract'
import { checkStore, checkStoreFiles } from '../objects/s3/s3-check'
import { S3Objects } from '../objects/s3/s3-objects'
import { S3Config } from './config'
import { S3_INSTRUCTIONS } from './instructions'
import { addressOf, S3_EXAMPLE, storeOf } from './store'

/** Files in a bucket of Amazon S3, or of another store that speaks its protocol. */
export const s3 = {
  id: 's3',
  label: 'Amazon S3',
  group: 'self-managed',
  category: 'Files',
  description: 'CSV, JSON, Parquet and Delta files in a bucket of Amazon S3, MinIO, Ceph and others',
  config: S3Config,
  instructions: S3_INSTRUCTIONS,
  suggestName: ({ endpoint }) => (endpoint === undefined ? 'S3' : new URL(endpoint).hostname),
  check: (config, signal) => checkStore(storeOf(config), signal),
  discover: () => Promise.resolve([]),
  files: {
    patternExample: S3_EXAMPLE,
    patternHelp: '* stands for anything within a folder, ** for any folders',
    checkPattern: (config, pattern) => void addressOf(config, pattern),
    check: (config, pattern, signal) => {
      const address = addressOf(config, pattern)
      return checkStoreFiles(storeOf(config, address), address, signal)
    },
    open: (config, pattern) => {
      const address = addressOf(config, pattern)
      return new S3Objects(storeOf(config, address), address)
    },
  },
} satisfies FilesConnector<S3Config>
