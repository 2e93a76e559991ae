import { expect, test } from 'vitest'
import { failure } from '../suite/suite'
import { parseFilesPattern } from './pattern'

const R2 = '0123456789abcdef0123456789abcdef'

/** Whose, which bucket, and what the listing asks for. */
function read(text: string, own?: string): string {
  const { cloud, bucket, prefix, region, account } = parseFilesPattern(text, own)
  return [cloud, bucket, prefix, region, account].map((part) => part ?? '-').join(' ')
}

test.each([
  ['s3://bucket/orders/2026-*.csv', 'any-s3 bucket orders/2026- - -'],
  ['s3a://my.bucket/*', 'any-s3 my.bucket  - -'],
  ['https://bucket.s3.eu-central-1.amazonaws.com/a/*.csv', 's3 bucket a/ eu-central-1 -'],
  ['https://my.s3.bucket.s3.amazonaws.com/a/*.csv', 's3 my.s3.bucket a/ - -'],
  ['https://bucket.s3-eu-west-1.amazonaws.com/*', 's3 bucket  eu-west-1 -'],
  ['https://s3.us-gov-west-1.amazonaws.com/bucket/a/*.csv', 's3 bucket a/ us-gov-west-1 -'],
  ['https://s3.amazonaws.com/bucket/a/*.csv', 's3 bucket a/ - -'],
  ['https://s3.dualstack.us-east-1.amazonaws.com/bucket/*', 's3 bucket  us-east-1 -'],
  ['https://bucket.s3-accelerate.amazonaws.com/*', 's3 bucket  - -'],
  ['https://bucket.s3.cn-north-1.amazonaws.com.cn/*', 's3 bucket  cn-north-1 -'],
  ['https://storage.googleapis.com/bucket/a*', 'gcs bucket a - -'],
  ['https://bucket.storage.googleapis.com/a*', 'gcs bucket a - -'],
  ['https://storage.cloud.google.com/bucket/a*', 'gcs bucket a - -'],
  ['gs://bucket/a*', 'gcs bucket a - -'],
  ['https://shop.blob.core.windows.net/container/a*', 'azure container a - shop'],
  ['https://shop.dfs.core.windows.net/container/a*', 'azure container a - shop'],
  ['abfss://container@shop.dfs.core.windows.net/a*', 'azure container a - shop'],
  ['az://container/a*', 'azure container a - -'],
  [`https://${R2}.r2.cloudflarestorage.com/bucket/a*`, `r2 bucket a - ${R2}`],
  [`https://${R2}.eu.r2.cloudflarestorage.com/bucket/a*`, `r2 bucket a - ${R2}`],
  [`https://bucket.${R2}.eu.r2.cloudflarestorage.com/a*`, `r2 bucket a - ${R2}`],
  ['http://127.0.0.1:9000/bucket/a*', 'own bucket a - -'],
])('%s is understood', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test('an address at the configured endpoint is its own, with the endpoint’s path or the bucket before its host', () => {
  expect(read('http://127.0.0.1:10000/devstore/container/a*', 'http://127.0.0.1:10000/devstore')).toBe('own container a - -')
  expect(read('http://127.0.0.1:10000/other/container/a*', 'http://127.0.0.1:10000/devstore')).toBe('own other container/a - -')
  expect(read('https://bucket.s3.example.com/a*', 'https://s3.example.com')).toBe('own bucket a - -')
  expect(parseFilesPattern('https://s3.elsewhere.com/bucket/a*', 'https://s3.example.com').endpoint).toBe('https://s3.elsewhere.com')
})

test('https addresses are decoded, the others are as they are', () => {
  expect(parseFilesPattern('https://s3.amazonaws.com/bucket/a%20b%2A+%C3%BC%25/*').prefix).toBe('a b*+ü%/')
  expect(parseFilesPattern('s3://bucket/a%20b+ü%/*').prefix).toBe('a%20b+ü%/')
  expect(parseFilesPattern('https://s3.amazonaws.com/bucket/a%2Ab.csv').only).toBe('a*b.csv')
})

test('no part of a key is folded away', () => {
  expect(parseFilesPattern('https://s3.amazonaws.com/bucket//a/../b//./c d\\e/*').prefix).toBe('/a/../b//./c d\\e/')
  expect(parseFilesPattern('s3://bucket//a?b#c\nd/*').prefix).toBe('/a?b#c\nd/')
})

test.each([
  ['*', 'a.csv', true],
  ['*', 'a/b.csv', false],
  ['**', 'a/b.csv', true],
  ['*.csv', '.csv', true],
  ['*.csv', 'a.csv.gz', false],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a/*/c', 'a/b/c', true],
  ['a/*/c', 'a//c', true],
  ['a/*/c', 'a/b/b/c', false],
  ['a/**/c', 'a/c', true],
  ['a/**/c', 'a/b/b/c', true],
  ['a/**/c', 'abc', false],
  ['a/**/c', 'a/bc', false],
  ['a/**/c', 'a/c/c', true],
  ['a/**/*.csv', 'a/b.csv', true],
  ['a/**/**/*.csv', 'a/b.csv', true],
  ['a/**/b*/**/c', 'a/x/b1/y/z/c', true],
  ['a/**/b*/**/c', 'a/x/y/z/c', false],
  ['**/c', 'c', true],
  ['**/c', 'a/b/c', true],
  ['**/c', 'a/bc', false],
  ['a**c', 'a/b/c', true],
  ['a**c', 'a/b/cd', false],
  ['a***c', 'a/b/c', true],
  ['a*b*c', 'a1b2b3c', true],
  ['**a*b', 'x/a/ab', true],
  ['**a*b', 'x/a/b', false],
  ['*ü*', '日本ü😀', true],
  ['[a-z].csv', 'b.csv', false],
  ['a.csv', 'axcsv', false],
  ['folder/', 'folder/a/b.csv', true],
  ['', 'a/b.csv', true],
])('%s and the key %s: %s', (pattern, key, expected) => {
  expect(parseFilesPattern(`s3://bucket/${pattern}`).matches(key)).toBe(expected)
})

test('a pattern can be asked again and again, whatever it was asked before', () => {
  const { matches } = parseFilesPattern('s3://bucket/**a*b/**/c')
  const keys = ['xab/c', 'xab/y/c', 'xac/c', 'a', '', 'ab/c'.repeat(20)]
  const alone = keys.map((key) => parseFilesPattern('s3://bucket/**a*b/**/c').matches(key))
  expect([...keys, ...keys].map(matches)).toEqual([...alone, ...alone])
  expect(alone).toEqual([true, true, false, false, false, true])
})

test('a pattern agrees with a plain reading of its words, for random keys', () => {
  const letters = ['a', 'b', '/', 'a', '/', '*', '**']
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  for (let round = 0; round < 4_000; round++) {
    const pattern = Array.from({ length: random(8) + 1 }, () => letters[random(letters.length)] ?? '').join('')
    const key = Array.from({ length: random(9) }, () => letters[random(5)] ?? '').join('')
    const whole = /(^|\/)$/.test(pattern) ? `${pattern}**` : pattern
    const expression = whole.replace(/\*{3,}/g, '**').replace(/(^|\/)(\*\*\/)+|\*+/g, (wildcard, before?: string) => (before === undefined ? (wildcard === '*' ? '[^/]*' : '[^]*') : `${before}([^]*/)?`))
    expect({ pattern, key, matches: parseFilesPattern(`s3://bucket/${pattern}`).matches(key) }).toEqual({ pattern, key, matches: new RegExp(`^${expression}$`).test(key) })
  }
})

test('no pattern takes long, whatever the key', () => {
  const { matches } = parseFilesPattern(`s3://bucket/${'**a*'.repeat(100)}b`)
  expect(matches(`${'a'.repeat(1000)}cb`)).toBe(true)
  expect(matches(`${'a/'.repeat(500)}c/b`)).toBe(false)
})

test.each([
  ['orders/*.csv', /no https/],
  ['ftp://host/a', /ftp:\/\//],
  ['s3://', /names no bucket/],
  ['s3:///a', /names no bucket/],
  ['s3://buck*t/a', /bucket has a wildcard/],
  ['s3://a@b/a', /bucket’s name is none/],
  ['https://user:word@s3.amazonaws.com/bucket/a', /user name/],
  ['https://s3.amazonaws.com/bucket/a.csv?X-Amz-Signature=1', /a \? or a #/],
  ['https://s3.amazonaws.com/bucket/100%.csv', /%25/],
  ['https://s3.amazonaws.com/..%2Fx/a', /bucket’s name is none/],
  ['https://eu-central-1.console.aws.amazon.com/s3/buckets/b?region=x', /AWS console/],
  ['https://console.cloud.google.com/storage/browser/b', /Google Cloud console/],
  ['abfss://container/a', /account is missing/],
])('%s is refused in words', async (text, words) => {
  const error = await failure(Promise.resolve().then(() => parseFilesPattern(text)))
  expect(error.code).toBe('invalid')
  expect([error.title, error.detail, error.advice].join('. ')).toMatch(words)
})
