import type { FilesConnector } from '../contract'
import { checkStore, checkStoreFiles } from '../objects/s3/s3-check'
import { S3Objects } from '../objects/s3/s3-objects'
import { R2Config } from './config'
import { R2_INSTRUCTIONS } from './instructions'
import { addressOf, R2_EXAMPLE, storeOf } from './store'

/** Files in a bucket of Cloudflare R2. */
export const r2 = {
  id: 'r2',
  label: 'Cloudflare R2',
  group: 'self-managed',
  category: 'Files',
  description: 'CSV, JSON, Parquet and Delta files in a bucket of R2',
  config: R2Config,
  instructions: R2_INSTRUCTIONS,
  suggestName: () => 'R2',
  check: (config, signal) => checkStore(storeOf(config), signal),
  discover: () => Promise.resolve([]),
  files: {
    patternExample: R2_EXAMPLE,
    patternHelp: '* stands for anything within a folder, ** for any folders',
    checkPattern: (config, pattern) => void addressOf(config, pattern),
    check: (config, pattern, signal) => checkStoreFiles(storeOf(config), addressOf(config, pattern), signal),
    open: (config, pattern) => new S3Objects(storeOf(config), addressOf(config, pattern)),
  },
} satisfies FilesConnector<R2Config>
