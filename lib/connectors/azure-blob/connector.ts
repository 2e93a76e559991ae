import type { FilesConnector } from '../contract'
import { AzureObjects } from './access'
import { addressOf, AZURE_EXAMPLE } from './address'
import { checkAzure, checkAzureFiles } from './check'
import { AzureConfig } from './config'
import { AZURE_INSTRUCTIONS } from './instructions'

/** Files in a container of an Azure storage account. */
export const azureBlob = {
  id: 'azure-blob',
  label: 'Azure Blob',
  group: 'self-managed',
  category: 'Files',
  description: 'CSV, JSON, Parquet and Delta files in containers of a storage account',
  config: AzureConfig,
  instructions: AZURE_INSTRUCTIONS,
  suggestName: ({ account_name: account }) => account,
  check: checkAzure,
  discover: () => Promise.resolve([]),
  files: {
    patternExample: AZURE_EXAMPLE,
    patternHelp: '* stands for anything within a folder, ** for any folders',
    checkPattern: (config, pattern) => void addressOf(config, pattern),
    check: checkAzureFiles,
    open: (config, pattern) => new AzureObjects(config, addressOf(config, pattern)),
  },
} satisfies FilesConnector<AzureConfig>
