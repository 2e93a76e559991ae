import { BlobSASPermissions, BlobServiceClient, ContainerSASPermissions, generateBlobSASQueryParameters, StorageSharedKeyCredential, type ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { startAzurite, type Azurite } from '@/test/servers/azurite'
import type { CheckStep } from '../contract'
import { filesConnectorSuite } from '../files-suite'
import { failure } from '../suite/suite'
import { listed, type SuiteStore } from '../suite/suite-store'
import { AzureObjects } from './access'
import { addressOf } from './address'
import type { AzureConfig } from './config'
import { azureBlob } from './connector'

const never = new AbortController().signal
const HOUR = 3_600_000
let azurite: Azurite
let container: ContainerClient
let store: SuiteStore

beforeAll(async () => {
  azurite = await startAzurite()
  container = new BlobServiceClient(azurite.endpoint, credential()).getContainerClient('shop')
  await container.create()
  const config = { account_name: azurite.account, endpoint: azurite.endpoint, sign_in: 'key', account_key: azurite.key }
  const wrong = Buffer.from('x'.repeat(64)).toString('base64')
  store = {
    config,
    wrongSecret: { ...config, account_key: wrong },
    unlisted: { config: withSas(sas('r')), right: 'List' },
    unread: { config: withSas(sas('l')), right: 'Read' },
    secrets: [azurite.key, wrong, sas('r'), sas('l'), new URLSearchParams(sas('r')).get('sig') ?? ''],
    pattern: (keys) => `az://shop/${keys}`,
    missing: (keys) => `az://nowhere/${keys}`,
    put: async (key, body) => void (await container.getBlockBlobClient(key).upload(body, Buffer.byteLength(body))),
    remove: async (key) => void (await container.getBlockBlobClient(key).delete()),
    manyObjects: 250,
    // Azure makes slashes of backslashes, and knows no folder named . or .. and no control characters
    canHold: (key) => !/\\|\p{Cc}|(^|\/)\.{1,2}(\/|$)/u.test(key),
  }
})

afterAll(() => azurite?.stop())

/** Azure tells 5,000 at once, which are long in coming to be. */
const smallPages = { ...azureBlob, files: { ...azureBlob.files, open: (config: AzureConfig, pattern: string) => new AzureObjects(config, addressOf(config, pattern), 100) } }

filesConnectorSuite(smallPages, () => store)

function credential(): StorageSharedKeyCredential {
  return new StorageSharedKeyCredential(azurite.account, azurite.key)
}

const BEGIN = Date.now()

/** @param hours from now on, until then */
function sas(rights: string, [from, until] = [-1, 1], blob?: string): string {
  const permissions = blob === undefined ? ContainerSASPermissions.parse(rights) : BlobSASPermissions.parse(rights)
  return generateBlobSASQueryParameters({ containerName: 'shop', blobName: blob, permissions, startsOn: new Date(BEGIN + from * HOUR), expiresOn: new Date(BEGIN + until * HOUR) }, credential()).toString()
}

function withSas(token: string): Record<string, unknown> {
  return { account_name: azurite.account, endpoint: azurite.endpoint, sas_token: token }
}

async function checked(config: Record<string, unknown>, pattern = 'az://shop/**'): Promise<CheckStep[]> {
  const parsed = azureBlob.config.parse(config)
  const steps: CheckStep[] = []
  for await (const step of azureBlob.check(parsed, never)) steps.push(step)
  if (steps.at(-1)?.status === 'failed') return steps
  for await (const step of azureBlob.files.check(parsed, pattern, never)) steps.push(step)
  return steps
}

test.each([
  ['that has expired', [-2, -1], 'The shared access signature has expired', 'It was good until '],
  ['that is not good yet', [1, 2], 'The shared access signature is not good yet', 'It begins at '],
])('a signature %s is told as such, with the time, after Azure refused it', async (_, hours, title, detail) => {
  const [from = 0, until = 0] = hours
  expect((await checked(withSas(sas('rl', [from, until])))).at(-1)?.error).toMatchObject({ code: 'credentials', title, detail: expect.stringContaining(detail) })
})

test('a signature for the container is enough, however it was copied', async () => {
  await store.put('sas/a.csv', 'a\n1\n')
  for (const token of [sas('rl'), `?${sas('rl')}`, ` ${azurite.endpoint}/shop?${sas('rl')}\n`]) expect((await checked(withSas(token), 'az://shop/sas/*.csv')).map(({ status }) => status)).not.toContain('failed')
})

test('a forged signature is refused by Azure, as credentials', async () => {
  const forged = sas('rl').replace(/sig=[^&]+/, `sig=${encodeURIComponent(Buffer.alloc(32).toString('base64'))}`)
  expect((await checked(withSas(forged))).at(-1)?.error).toMatchObject({ code: 'credentials', title: 'Azure does not accept the signature' })
})

test('a signature for one file reads that file', async () => {
  await store.put('sas/only.csv', 'a\n1\n')
  const config = withSas(sas('r', [-1, 1], 'sas/only.csv'))
  expect((await checked(config, 'az://shop/sas/only.csv')).map(({ status }) => status)).not.toContain('failed')
  expect((await checked(config, 'az://shop/sas/*.csv')).at(-1)?.error).toMatchObject({ code: 'permission', detail: expect.stringContaining('It is for one file') })
})

test('an account that no name server knows is named', async () => {
  const steps = await checked({ account_name: 'tributarynoaccount0', sign_in: 'key', account_key: azurite.key })
  expect(steps.at(-1)?.error).toMatchObject({ title: expect.stringMatching(/There is no storage account named tributarynoaccount0|could not be looked up/) })
})

test.each([
  ['https://other.blob.core.windows.net/shop/*.csv', 'These files are in another storage account'],
  ['s3://shop/*.csv', 'This is an address of a store that speaks S3'],
  ['https://shop.s3.amazonaws.com/*.csv', 'This is an address of Amazon S3'],
  ['https://files.example.com/shop/*.csv', 'This is the address of another store'],
])('%s is refused in words', (pattern, title) => {
  expect(() => azureBlob.files.checkPattern(azureBlob.config.parse(store.config), pattern)).toThrow(title)
})

test('each way to write an address of the account is understood, and only of that account', () => {
  const config = azureBlob.config.parse({ account_name: 'account', sign_in: 'key', account_key: azurite.key })
  for (const pattern of ['https://account.blob.core.windows.net/shop/a/*.csv', 'az://shop/a/*.csv', 'abfss://shop@account.dfs.core.windows.net/a/*.csv']) expect(azureBlob.files.open(config, pattern).addressPrefix).toBe('az://shop/')
  expect(() => azureBlob.files.checkPattern(config, 'abfss://shop@other.dfs.core.windows.net/a/*.csv')).toThrow('another storage account')
})

test.each([
  [{ account_name: 'account', sas_token: 'sv=2024&sp=rl' }, 'A shared access signature holds sig='],
  [{ account_name: 'account' }, 'Enter the shared access signature'],
  [{ account_name: 'account', sign_in: 'key' }, 'Enter the account key'],
  [{ account_name: 'account', sign_in: 'key', account_key: 'abc' }, 'An account key is base64'],
  [{ account_name: 'My.Account', sas_token: 'sig=1' }, 'The name of a storage account has 3 to 24'],
])('a form that cannot be right is told where: %j', (given, message) => {
  expect(azureBlob.config.safeParse(given).error?.issues[0]?.message).toContain(message)
})

test('private addresses are refused where only public ones are allowed, before anything is sent', async () => {
  setEnv({ EGRESS: 'public' })
  try {
    expect(await failure(listed(azureBlob.files.open(azureBlob.config.parse(store.config), 'az://shop/**')))).toMatchObject({ code: 'not_allowed' })
  } finally {
    setEnv({ EGRESS: 'any' })
  }
})
