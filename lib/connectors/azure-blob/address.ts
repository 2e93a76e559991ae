import { AppError } from '@/lib/core/errors'
import { otherCloud } from '../objects/other-cloud'
import { parseFilesPattern, type FilesAddress } from '../objects/pattern'
import { endpointOf, type AzureConfig } from './config'

export const AZURE_EXAMPLE = 'https://account.blob.core.windows.net/container/folder/*.parquet'

/** Where the files are, which must be in the source's own account: its secrets are for that one alone. Throws AppError `invalid`. */
export function addressOf(config: AzureConfig, pattern: string): FilesAddress {
  const endpoint = endpointOf(config)
  const address = parseFilesPattern(pattern, endpoint)
  if (address.cloud === 'own' ? address.endpoint !== endpoint : address.cloud !== 'azure') throw otherCloud(address, AZURE_EXAMPLE)
  if (address.endpoint === null || new URL(address.endpoint).host === new URL(endpoint).host || (config.endpoint !== undefined && address.account === config.account_name)) return address
  throw new AppError('invalid', {
    title: 'These files are in another storage account',
    detail: `The address names ${address.account ?? address.endpoint}, and this source is ${config.account_name}`,
    advice: 'Link the other account as a source of its own',
  })
}
