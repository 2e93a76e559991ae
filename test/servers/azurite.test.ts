import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { BlobSASPermissions, BlobServiceClient, ContainerClient, ContainerSASPermissions, generateBlobSASQueryParameters, StorageSharedKeyCredential, type BlobSASSignatureValues } from '@azure/storage-blob'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isAlive } from '@/lib/db/embedded/process-lock'
import { startAzurite, type Azurite } from './azurite'

let azurite: Azurite
let container: ContainerClient

beforeAll(async () => {
  azurite = await startAzurite()
  container = service(azurite.key).getContainerClient('shop')
  await container.create()
  for (const name of ['a/1.csv', 'a/2.csv', 'b/ü &+.csv']) await put(name, 'id\n1\n')
})
afterAll(() => azurite?.stop())

test('the account key lists pages of a prefix, and reads ranges', async () => {
  const pages = []
  for await (const page of container.listBlobsFlat({ prefix: 'a/' }).byPage({ maxPageSize: 1 })) pages.push(page.segment.blobItems.map(({ name, properties }) => [name, properties.contentLength]))
  expect(pages).toEqual([[['a/1.csv', 5]], [['a/2.csv', 5]]])
  expect((await container.getBlobClient('b/ü &+.csv').downloadToBuffer(3, 2)).toString()).toBe('1\n')
})

test('a wrong account key is refused', async () => {
  await expect(list(service(randomBytes(64).toString('base64')).getContainerClient('shop'))).rejects.toMatchObject({ statusCode: 403, code: 'AuthorizationFailure' })
})

test('a grant to list and read is good', async () => {
  const granted = withGrant({ permissions: ContainerSASPermissions.parse('rl') })
  expect(await list(granted)).toEqual(['a/1.csv', 'a/2.csv', 'b/ü &+.csv'])
  expect((await granted.getBlobClient('a/1.csv').downloadToBuffer()).toString()).toBe('id\n1\n')
})

test.each([
  ['that has expired', 'AuthorizationFailure', () => withGrant({ startsOn: new Date(Date.now() - 7_200_000), expiresOn: new Date(Date.now() - 3_600_000) })],
  ['that is not valid yet', 'AuthorizationFailure', () => withGrant({ startsOn: new Date(Date.now() + 3_600_000), expiresOn: new Date(Date.now() + 7_200_000) })],
  ['signed with another key', 'AuthorizationFailure', () => withGrant({}, randomBytes(64).toString('base64'))],
  ['whose rights were raised by hand', 'AuthorizationFailure', () => new ContainerClient(withGrant({ permissions: ContainerSASPermissions.parse('r') }).url.replace('sp=r', 'sp=rl'))],
  ['without the right to list', 'AuthorizationPermissionMismatch', () => withGrant({ permissions: ContainerSASPermissions.parse('r') })],
])('a grant %s is refused', async (_name, code, client) => {
  await expect(list(client())).rejects.toMatchObject({ statusCode: 403, code })
})

test('a grant to list does not read', async () => {
  const lister = withGrant({ permissions: ContainerSASPermissions.parse('l') })
  expect(await list(lister)).toHaveLength(3)
  await expect(lister.getBlobClient('a/1.csv').downloadToBuffer()).rejects.toMatchObject({ statusCode: 403 })
})

test('a grant for one blob does not list its container', async () => {
  await expect(list(withGrant({ blobName: 'a/1.csv', permissions: BlobSASPermissions.parse('r') }))).rejects.toMatchObject({ statusCode: 403 })
})

test('a blob that was replaced since its tag was seen is refused', async () => {
  const blob = container.getBlobClient('a/2.csv')
  const { etag } = await blob.getProperties()
  const read = () => blob.download(0, 2, { conditions: { ifMatch: etag } })
  expect((await read())._response.status).toBe(206)
  await put('a/2.csv', 'id\n9\n')
  await expect(read()).rejects.toMatchObject({ statusCode: 412, code: 'ConditionNotMet' })
})

test('a missing container and a missing blob are told apart', async () => {
  await expect(list(service(azurite.key).getContainerClient('nowhere'))).rejects.toMatchObject({ statusCode: 404, code: 'ContainerNotFound' })
  await expect(container.getBlobClient('none').download()).rejects.toMatchObject({ statusCode: 404, code: 'BlobNotFound' })
})

test('it dies with the process that started it, however that one ends', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', path.resolve('test/servers/azurite-child-for-test.ts')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const endpoint = await new Promise<string>((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes).trim())))
  const isThere = () => fetch(endpoint).then(() => true, () => false)
  expect(await isThere()).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(() => isAlive(child.pid!)).toBe(false)
  await expect.poll(isThere).toBe(false)
})

function service(key: string): BlobServiceClient {
  return new BlobServiceClient(azurite.endpoint, new StorageSharedKeyCredential(azurite.account, key), { retryOptions: { maxTries: 1 } })
}

function withGrant(given: Partial<BlobSASSignatureValues>, key = azurite.key): ContainerClient {
  const grant = generateBlobSASQueryParameters({ containerName: 'shop', permissions: ContainerSASPermissions.parse('rl'), expiresOn: new Date(Date.now() + 3_600_000), ...given }, new StorageSharedKeyCredential(azurite.account, key))
  return new ContainerClient(`${azurite.endpoint}/shop?${grant}`, undefined, { retryOptions: { maxTries: 1 } })
}

async function put(name: string, text: string): Promise<void> {
  await container.getBlockBlobClient(name).upload(text, text.length)
}

async function list(client: ContainerClient): Promise<string[]> {
  const names: string[] = []
  for await (const { name } of client.listBlobsFlat()) names.push(name)
  return names
}
