import type { RestError } from '@azure/storage-blob'
import { AppError, type ErrorWords } from '@/lib/core/errors'
import { stopped } from '../stopped'
import { endpointOf, type AzureConfig } from './config'
import { termsOf } from './sas'

/** What was being done when it failed. */
export interface Doing {
  container: string
  act: 'list' | 'read'
  key?: string
}

const STATUS_PAGE = 'Try again; if it stays, look at https://azure.status.microsoft'

/** Whatever a request to Azure threw, in words. */
export function azureError(error: unknown, config: AzureConfig, doing: Doing, signal: AbortSignal): AppError {
  const why = stopped(signal, 'Azure Blob Storage', STATUS_PAGE)
  if (why) return why
  if (error instanceof AppError) return withoutAccount(error, config)
  if (!isRestError(error)) return new AppError('unreachable', { title: 'The connection to Azure was lost', detail: where(doing, config), advice: 'It is tried again' }, { isRetryable: true, cause: error })
  const status = error.statusCode ?? 0
  const code = azureCode(error)
  const cause = new Error(`HTTP ${status} ${code}`) // the client's own error repeats the address, and the address may hold the signature
  if (status === 403 || status === 401) return refused(error, config, doing, cause)
  const known = KNOWN[code]?.(doing, config)
  if (known) return new AppError(known.code, known.words, { cause })
  if (status >= 500 || status === 408 || status === 429) {
    return new AppError(status === 429 || code === 'ServerBusy' ? 'rate_limited' : 'source', { title: 'Azure failed to answer', detail: said(status, code), advice: STATUS_PAGE }, { isRetryable: true, cause })
  }
  if (status === 404) return new AppError('not_found', { title: 'Azure does not have this', detail: `${where(doing, config)}: ${said(status, code)}`, advice: 'Check the storage account and the address of the files' }, { cause })
  return new AppError('source', { title: 'Azure did not accept the request', detail: `${where(doing, config)}: ${said(status, code)}`, advice: 'Check the address of the files' }, { cause })
}

/** What the vendor's client throws for an answer that is no success, and for none. */
export function isRestError(error: unknown): error is RestError {
  return error instanceof Error && error.name === 'RestError' && 'statusCode' in error
}

/** Azure's name for what is wrong; "" when it has none. The answer to HEAD has it in a header alone. */
export function azureCode(error: unknown): string {
  if (!isRestError(error)) return ''
  return error.response?.headers.get('x-ms-error-code') ?? error.code ?? ''
}

type Known = (doing: Doing, config: AzureConfig) => { code: AppError['code']; words: ErrorWords }

const archived: Known = (doing, config) => ({
  code: 'source',
  words: { title: 'The file is in the archive tier', detail: `${where(doing, config)} cannot be read before it is moved to another tier, which takes hours`, advice: 'Move it to the hot or cool tier, or choose a pattern that leaves archived files out' },
})

/** By Azure's own names: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes. */
const KNOWN: Record<string, Known> = {
  ContainerNotFound: ({ container }, config) => ({
    code: 'not_found',
    words: { title: `There is no container named ${container}`, detail: `The storage account ${config.account_name} does not have it`, advice: 'Check its name in the address of the files; small letters and capitals differ' },
  }),
  ContainerBeingDeleted: ({ container }) => ({ code: 'not_found', words: { title: `The container ${container} is being deleted`, advice: 'Name another container' } }),
  BlobNotFound: (doing, config) => ({ code: 'not_found', words: { title: 'There is no such file', detail: where(doing, config), advice: 'Check the address of the files' } }),
  BlobArchived: archived,
  BlobBeingRehydrated: archived,
  BlobUsesCustomerSpecifiedEncryption: (doing, config) => ({
    code: 'permission',
    words: { title: 'The file is encrypted with a key of its owner’s', detail: `${where(doing, config)} was written with a key that Azure does not keep`, advice: 'Write it again with the account’s encryption' },
  }),
  PublicAccessNotPermitted: (_, config) => ({ code: 'credentials', words: { title: 'The account takes no requests without credentials', detail: config.account_name, advice: 'Enter the shared access signature or the account key' } }),
  InvalidAuthenticationInfo: () => ({ code: 'credentials', words: { title: 'Azure does not understand the credentials', detail: 'They are not formed as they should be', advice: 'Copy them again, whole' } }),
}

function refused(error: RestError, config: AzureConfig, doing: Doing, cause: Error): AppError {
  const code = azureCode(error)
  const { statusCode = 403, message } = error
  const credentials = (words: ErrorWords) => new AppError('credentials', words, { cause })
  const permission = (words: ErrorWords) => new AppError('permission', words, { cause })
  const late = sasProblem(config, Date.parse(error.response?.headers.get('date') ?? '') || Date.now())
  if (late) return credentials(late)
  // Azurite says it of wrong signatures too
  if (code === 'AuthorizationFailure' && !missesRight(config, doing) && !/failed to authenticate/i.test(message)) return permission({ title: 'The storage account does not let us in', detail: `${config.account_name} refuses requests from our address, or this kind of request: ${said(statusCode, code)}`, advice: 'Under Networking of the storage account, allow our inbound IP addresses' })
  if (code === 'AuthorizationSourceIPMismatch') return permission({ title: 'The signature may not be used from our address', detail: 'It is restricted to other IP addresses', advice: 'Make one that allows our inbound IP addresses, or any' })
  if (code === 'AuthorizationProtocolMismatch') return permission({ title: 'The signature is good for https alone', detail: 'The address begins with http://', advice: 'Use https://' })
  if (code === 'KeyBasedAuthenticationNotPermitted') return credentials({ title: 'The account takes no account keys', detail: `${config.account_name} has “Allow storage account key access” turned off, which signatures made with a key need too`, advice: 'Turn it on under Configuration, or make a user delegation signature' })
  if (code === 'AccountIsDisabled') return credentials({ title: 'The storage account is disabled', detail: config.account_name, advice: 'See its subscription in the Azure portal' })
  if (missesRight(config, doing) || code === 'AuthorizationPermissionMismatch' || code === 'AuthorizationServiceMismatch' || code === 'AuthorizationResourceTypeMismatch') return permission(rightWords(config, doing))
  if (/date header|time/i.test(detailOf(error))) return credentials({ title: 'The clock of this machine is wrong', detail: `It shows ${new Date().toISOString()}, and Azure’s shows ${error.response?.headers.get('date') ?? 'another time'}`, advice: 'Set the clock; Azure takes requests that differ by less than 15 minutes' })
  if (config.sign_in === 'key') return credentials({ title: 'Azure does not accept the account key', detail: `It is not a key of ${config.account_name}: ${said(statusCode, code)}`, advice: 'Copy key1 or key2 again from Access keys of the storage account; rotated keys are void' })
  return credentials({ title: 'Azure does not accept the signature', detail: `${config.account_name} did not make it for ${doing.container}, or the key that signed it was rotated: ${said(statusCode, code)}`, advice: 'Make a new shared access signature with the rights Read and List, and copy it whole' })
}

function sasProblem({ sas_token: sas, sign_in: way }: AzureConfig, now: number): ErrorWords | null {
  if (way !== 'sas' || sas === undefined) return null
  const { from, until } = termsOf(sas)
  const advice = 'Make a new one with the rights Read and List, and enter it here'
  if (until && Date.parse(until) <= now) return { title: 'The shared access signature has expired', detail: `It was good until ${until}`, advice }
  if (from && Date.parse(from) > now) return { title: 'The shared access signature is not good yet', detail: `It begins at ${from}`, advice }
  return null
}

/** Does the signature itself say that it may not? */
function missesRight({ sas_token: sas, sign_in: way }: AzureConfig, { act }: Doing): boolean {
  if (way !== 'sas' || sas === undefined) return false
  const { rights, scope } = termsOf(sas)
  return (rights !== null && !rights.includes(act === 'list' ? 'l' : 'r')) || (act === 'list' && scope === 'b')
}

function rightWords({ sas_token: sas }: AzureConfig, { act, container }: Doing): ErrorWords {
  const { rights, scope } = termsOf(sas ?? '')
  const what = scope === 'b' ? 'It is for one file' : rights === null ? 'Its policy does not grant it' : `Its rights are sp=${rights}`
  const advice = 'Make one for the container with the rights Read and List (sp=rl)'
  if (act === 'list') return { title: `The signature may not list the files of ${container}`, detail: `${what}: the right List (l) is missing`, advice }
  return { title: `The signature may not read the files of ${container}`, detail: `${what}: the right Read (r) is missing`, advice }
}

/** A name that no name server knows is most often a misspelt account. */
function withoutAccount(error: AppError, config: AzureConfig): AppError {
  if (config.endpoint !== undefined || error.code !== 'unreachable' || !error.title.startsWith('There is no host')) return error
  return new AppError('not_found', { title: `There is no storage account named ${config.account_name}`, detail: `The name servers know no ${new URL(endpointOf(config)).host}`, advice: 'Check the name; if the account is in another cloud of Azure, enter its address' }, { isRetryable: true, cause: error })
}

function where({ container, key }: Doing, config: AzureConfig): string {
  return key === undefined ? `the container ${container} of ${config.account_name}` : `${container}/${key}`
}

const said = (status: number, code: string) => (code === '' ? `HTTP ${status}` : `HTTP ${status} ${code}`)

function detailOf(error: RestError): string {
  const details: unknown = error.details
  const detail = typeof details === 'object' && details !== null && 'authenticationErrorDetail' in details ? details.authenticationErrorDetail : undefined
  return typeof detail === 'string' ? detail : ''
}
