import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataFolder, env, setEnv } from '@/lib/core/env'
import { objectStore, warehouseFolder } from '../object-store'
import { bucketSettings } from './bucket-settings'
import { BucketStore } from './bucket-store'

let before: NodeJS.ProcessEnv
beforeEach(() => {
  before = { ...process.env }
  for (const name of ['WAREHOUSE_URL', 'S3_ENDPOINT', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'WAREHOUSE_CACHE_BYTES']) delete process.env[name]
  setEnv({})
})
afterEach(() => {
  process.env = before
  setEnv({})
})

test('without WAREHOUSE_URL the files are in the data folder; with it in the bucket, through one store for all who ask', () => {
  expect(objectStore()).not.toBeInstanceOf(BucketStore)
  expect(warehouseFolder().startsWith(dataFolder())).toBe(true)
  setEnv({ WAREHOUSE_URL: 's3://shop/wh' })
  expect(objectStore()).toBeInstanceOf(BucketStore)
  expect(objectStore()).toBe(objectStore())
  const first = objectStore()
  setEnv({ WAREHOUSE_CACHE_BYTES: '1000' })
  expect(objectStore()).not.toBe(first)
})

test.each([
  ['s3://shop', 'shop', '', 's3://shop'],
  ['s3://shop/', 'shop', '', 's3://shop'],
  ['s3://my.shop/a/b/', 'my.shop', 'a/b/', 's3://my.shop/a/b'],
])('%s is read', (url, name, prefix, plain) => {
  setEnv({ WAREHOUSE_URL: url })
  expect(bucketSettings(env().WAREHOUSE_URL ?? '')).toMatchObject({ name, prefix, url: plain, region: 'us-east-1', keys: undefined, endpoint: undefined })
})

test.each([
  ['WAREHOUSE_URL', 'shop'], ['WAREHOUSE_URL', 's3://'], ['WAREHOUSE_URL', 's3://shop/../x'], ['WAREHOUSE_URL', 's3://shop/a b'], ['WAREHOUSE_URL', 'https://shop.s3.amazonaws.com'],
  ['S3_ENDPOINT', 'minio:9000'], ['S3_ENDPOINT', 'ftp://minio'], ['WAREHOUSE_CACHE_BYTES', 'much'], ['WAREHOUSE_CACHE_BYTES', '-1'],
])('%s=%s is answered with the name of the variable', (name, value) => {
  setEnv({ [name]: value })
  expect(() => env()).toThrow(`The environment variable ${name} cannot be used`)
})

test('one half of a key is told, and the region of either variable is taken', () => {
  setEnv({ AWS_ACCESS_KEY_ID: 'AKIA', AWS_DEFAULT_REGION: 'eu-west-3' })
  expect(() => bucketSettings('s3://shop')).toThrow(/AWS_SECRET_ACCESS_KEY is missing/)
  setEnv({ AWS_SECRET_ACCESS_KEY: 'words', AWS_SESSION_TOKEN: 'token' })
  expect(bucketSettings('s3://shop')).toMatchObject({ region: 'eu-west-3', keys: { accessKeyId: 'AKIA', secretAccessKey: 'words', sessionToken: 'token' } })
  setEnv({ AWS_REGION: 'auto', S3_ENDPOINT: 'https://minio.example.com:9000' })
  expect(bucketSettings('s3://shop')).toMatchObject({ region: 'auto', endpoint: 'https://minio.example.com:9000' })
})
