import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { projectFolder } from '@/lib/core/env'
import { checkHouse } from './check-house'

let root: string

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'house-'))
})

afterEach(() => fs.rmSync(root, { recursive: true }))

/** The rules that a tree of these files breaks. */
function broken(files: Record<string, string>): string[] {
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), text)
  }
  return checkHouse(root).violations.map(({ rule, file, line }) => `${rule} ${file}:${line}`)
}

const uses = (specifier: string) => `import { x } from '${specifier}'\nexport const y = x\n`
const x = 'export const x = 1\n'

test('a house in order passes', () => {
  expect(broken({
    'lib/core/env.ts': 'export const x = process.env.X\n',
    'lib/db/sources.ts': uses('@/lib/core/env'),
    'lib/connectors/http.ts': `export const x = () => fetch('https://example.com')\n`,
    'lib/connectors/registry.ts': x,
    'lib/pipeline/run-pipeline.ts': uses('@/lib/db/sources'),
    'lib/syncs/run-sync.ts': `import { x } from '@/lib/connectors/registry'\nimport { y } from '@/lib/pipeline/run-pipeline'\nexport const z = x + Number(y)\n`,
    'lib/sources/loaders.ts': uses('@/lib/syncs/run-sync'),
    'app/(workspace)/sources/page.tsx': uses('@/lib/sources/loaders'),
    'README.md': 'See `lib/core/env.ts`, lib/db/sources and app/(workspace)/sources/page.tsx.\n',
  })).toEqual([])
})

test.each([
  ['core imports nothing of ours', 'lib/core/a.ts', '@/lib/db/x', 'lib/db/x.ts'],
  ['floors import downwards', 'lib/db/a.ts', '@/lib/pipeline/x', 'lib/pipeline/x.ts'],
  ['a relative path is no way around', 'lib/db/a.ts', '../pipeline/x', 'lib/pipeline/x.ts'],
  ['floors do not import sideways', 'lib/warehouse/a.ts', '@/lib/connectors/x', 'lib/connectors/x.ts'],
  ['rooms import the rooms to their left', 'lib/syncs/a.ts', '@/lib/sources/x', 'lib/sources/x.ts'],
  ['an unknown room must be given its place', 'lib/attic/a.ts', '@/lib/core/x', 'lib/core/x.ts'],
  ['an entrance is imported by nobody', 'cli/a.ts', '@/worker/x', 'worker/x.ts'],
  ['lib knows no component', 'lib/sources/a.ts', '@/components/ui/x', 'components/ui/x.ts'],
  ['components read no database', 'components/sources/a.tsx', '@/lib/db/x', 'lib/db/x.ts'],
  ['components reach actions and schemas only', 'components/sources/a.tsx', '@/lib/sources/x', 'lib/sources/x.ts'],
  ['rooms of components do not know each other', 'components/syncs/a.tsx', '@/components/sources/x', 'components/sources/x.ts'],
  ['pages read no database', 'app/a.tsx', '@/lib/db/x', 'lib/db/x.ts'],
  ['pages call no verb', 'app/a.tsx', '@/lib/sources/x', 'lib/sources/x.ts'],
  ['the registry is for the rooms', 'lib/pipeline/a.ts', '@/lib/connectors/registry', 'lib/connectors/registry.ts'],
])('%s', (_name, from, specifier, target) => {
  expect(broken({ [from]: uses(specifier), [target]: x })).toContain(`floors ${from}:1`)
})

test('a type import is held to the floors too', () => {
  expect(broken({ 'lib/core/a.ts': `import type { X } from '@/lib/db/x'\nexport type Y = X\n`, 'lib/db/x.ts': 'export type X = 1\n' })).toEqual(['floors lib/core/a.ts:1'])
  expect(broken({ 'lib/core/a.ts': `\nexport type Y = import('@/lib/db/x').X\n` })).toEqual(['floors lib/core/a.ts:2'])
  expect(broken({ 'lib/core/a.ts': `\n\nexport * from '@/lib/db/x'\n` })).toEqual(['floors lib/core/a.ts:3'])
  expect(broken({ 'lib/core/a.ts': `export const y = () =>\n  import('@/lib/db/x')\n` })).toEqual(['floors lib/core/a.ts:2'])
})

test('a circle of files is found, however long', () => {
  expect(broken({ 'lib/core/a.ts': uses('./b'), 'lib/core/b.ts': uses('./c'), 'lib/core/c.ts': uses('./a') })).toEqual(['circles lib/core/a.ts:1'])
})

test.each([
  ['prisma', 'lib/sources/a.ts', '@prisma/client'],
  ['prisma', 'lib/sources/a.ts', '@/lib/db/generated/client'],
  ['duckdb', 'cli/a.ts', '@duckdb/node-api'],
  ['pg-boss', 'worker/a.ts', 'pg-boss'],
  ['trigger', 'lib/syncs/a.ts', '@trigger.dev/sdk/v3'],
  ['react', 'lib/sources/a.ts', 'react'],
  ['http', 'lib/warehouse/a.ts', 'node:https'],
  ['environment', 'worker/a.ts', 'node:process'],
])('%s: %s may not import %s', (rule, file, specifier) => {
  expect(broken({ [file]: uses(specifier) })).toContain(`${rule} ${file}:1`)
})

test('a connector never imports another', () => {
  expect(broken({ 'lib/connectors/stripe/a.ts': uses('../postgres/x'), 'lib/connectors/postgres/x.ts': x })).toEqual(['connectors lib/connectors/stripe/a.ts:1'])
})

test('the kit for API connectors speaks HTTP, and every connector may use it', () => {
  expect(broken({
    'lib/connectors/http/agent.ts': uses('node:https'),
    'lib/connectors/http.ts': uses('./http/agent'),
    'lib/connectors/stripe/a.ts': uses('../http/agent'),
    'lib/connectors/stripe/b.ts': uses('node:https'),
  })).toEqual(['http lib/connectors/stripe/b.ts:1'])
})

test('what the stores of objects share is open to every connector, and knows none', () => {
  expect(broken({
    'lib/connectors/objects/pattern.ts': uses('../s3/x'),
    'lib/connectors/s3/x.ts': x,
    'lib/connectors/azure-blob/a.ts': uses('../objects/b'),
    'lib/connectors/objects/b.ts': x,
  })).toEqual(['connectors lib/connectors/objects/pattern.ts:1'])
})

test('process.env and fetch are seen without an import', () => {
  expect(broken({
    'lib/db/a.ts': '\nexport const x = process.env.HOME\n',
    'worker/b.ts': 'const { env } = process\nexport const x = env\n',
    'components/ui/c.tsx': `export const x = process['env']\n`,
    'proxy.ts': 'export const a = process.env.NODE_ENV\nexport const b = process.env.SECRET\n',
    'lib/sources/d.ts': `export const x = () => globalThis.fetch('https://example.com')\n`,
    'lib/core/e.ts': '// process.env and fetch() in words are fine\nexport const x = "process.env"\n',
  })).toEqual(['environment components/ui/c.tsx:1', 'environment lib/db/a.ts:2', 'http lib/sources/d.ts:1', 'environment proxy.ts:2', 'environment worker/b.ts:1'])
})

test('a file and a function have an end', () => {
  const long = `export function long() {\n${'  x()\n'.repeat(69)}}\n`
  const fine = `export function fine() {\n${'  x()\n\n  // why\n'.repeat(68)}}\n`
  expect(broken({ 'lib/core/a.ts': long, 'lib/core/b.ts': fine, 'lib/core/c.test.ts': `${'x()\n'.repeat(401)}` })).toEqual(['function-size lib/core/a.ts:1', 'file-size lib/core/c.test.ts:400'])
})

test('names say what is inside', () => {
  expect(broken({ 'lib/core/index.ts': x, 'lib/core/date-utils.ts': x, 'components/common/a.tsx': x, 'lib/core/camelCase.ts': x, 'app/[sourceId]/page.tsx': x, 'app/api/auth/[...nextauth]/route.ts': x }).sort()).toEqual([
    'barrels lib/core/index.ts:1', 'names components/common/a.tsx:1', 'names lib/core/camelCase.ts:1', 'names lib/core/date-utils.ts:1',
  ])
})

test('a path in the documents leads somewhere', () => {
  expect(broken({
    'lib/core/a.ts': x,
    'README.md': 'Read lib/core/a.ts.\nAnd `lib/core/gone.ts`, `docs/*.md`, https://example.com/lib/x.\n',
    'docs/words.md': '[the way](the-way.md) and [home](../README.md)\n',
  })).toEqual(['doc-paths README.md:2', 'doc-paths docs/words.md:1'])
})

test('the checker sees this project', () => {
  expect(checkHouse(projectFolder()).files).toBeGreaterThan(100)
})
