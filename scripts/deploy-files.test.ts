import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { variableNames } from '@/lib/core/env'
import { openMetrics } from '@/lib/core/metrics'

const read = (file: string) => readFileSync(file, 'utf8')
const dockerfile = read('Dockerfile')
const compose = read('compose.yaml')
const document = read('docs/deploy.md')

/** What the build makes; everything else that is copied is in the repository. */
const BUILT = ['/app/node_modules', '/app/lib/db/generated', '/app/.next']
/** Of Node, Next and the images, not ours. */
const OTHERS = ['NODE_ENV', 'NEXT_TELEMETRY_DISABLED', 'MALLOC_ARENA_MAX', 'POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_DB']

/** The names of a section's table: what stands in code in the first cell of each row. */
function firstCells(heading: string): string[] {
  const section = document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section.split('\n').filter((line) => line.startsWith('| `')).flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
}

test('the document lists every variable that is read, and no other', () => {
  expect(firstCells('Variables').sort()).toEqual([...variableNames].sort())
})

test('the document lists every metric, and no other', async () => {
  const { registry } = await openMetrics()
  const names = (await registry.getMetricsAsJSON()).map(({ name }) => name).filter((name) => name.startsWith('tributary_'))
  expect(firstCells('Metrics').sort()).toEqual(names.sort())
})

test('every path that the image takes is there, or is made by its build', () => {
  const copies = [...dockerfile.matchAll(/^COPY (.+)$/gm)].map((match) => (match[1] ?? '').split(' '))
  expect(copies.length).toBeGreaterThan(8)
  for (const words of copies) {
    const paths = words.filter((word) => !word.startsWith('--')).slice(0, -1)
    const isFromStage = words.some((word) => word.startsWith('--from='))
    expect(paths.filter((path) => !(isFromStage ? BUILT.includes(path) : existsSync(path)))).toEqual([])
  }
  for (const path of BUILT) expect(dockerfile).toContain(path)
})

test('the image holds what its parts import when they run', () => {
  const taken = [...dockerfile.matchAll(/^COPY (?:--\S+ )*(.+) \S+$/gm)].flatMap((match) => (match[1] ?? '').split(' '))
  expect(taken).toEqual(expect.arrayContaining(['package.json', 'tsconfig.json', 'next.config.ts', 'prisma', 'scripts', 'lib', 'worker', 'cli', 'public']))
})

test('what is not to be in the image is left out: secrets, data, and what was built elsewhere', () => {
  expect(read('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['.git', '.tributary', '.env', '.next', 'node_modules', 'lib/db/generated']))
})

test('the image does not run as root, and has its data where it may write', () => {
  expect(dockerfile).toMatch(/^USER node$/m)
  expect(dockerfile).toMatch(/chown node:node \/data[^]*TRIBUTARY_DATA=\/data[^]*^VOLUME \/data$/m)
})

test('every variable of both files is one that somebody reads', () => {
  const inImage = [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap((match) => (match[1] ?? '').split(' ').map((pair) => pair.split('=')[0] ?? ''))
  const inCompose = [...compose.matchAll(/^ +([A-Z][A-Z0-9_]+): /gm)].map((match) => match[1] ?? '')
  const asked = [...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].map((match) => match[1] ?? '')
  expect([inImage.length, inCompose.length, asked.length].every((count) => count > 2)).toBe(true)
  expect([...inImage, ...inCompose, ...asked].filter((name) => ![...variableNames, ...OTHERS].includes(name))).toEqual([])
})

test('what composes runs the parts that there are, and probes addresses that there are', () => {
  const parts = [...`${compose}\n${dockerfile}\n${document}`.matchAll(/scripts\/part\.mjs'?"?,? ['"]?(web|worker|migrate)/g)].map((match) => match[1])
  expect(new Set(parts)).toEqual(new Set(['web', 'worker', 'migrate']))
  expect([...compose.matchAll(/127\.0\.0\.1:(\d+)(\/[a-z/]+)'/g)].map((match) => `${match[1]} ${match[2]}`)).toEqual(['3000 /api/health', '9464 /health'])
  expect(existsSync('app/api/health/route.ts')).toBe(true)
  expect(compose).toMatch(/WORKER_PORT: 9464/)
})

test('both files say at their top that they have not been run', () => {
  for (const text of [dockerfile, compose]) expect(text.split('\n')[0]).toMatch(/^# Written without a Docker engine at hand, and not run so far/)
})

test.each([
  [['web'], {}, 'DATABASE_URL is not set'],
  [['web'], { DATABASE_URL: 'postgresql://here/db', ENCRYPTION_KEY: 'x' }, 'NEXTAUTH_SECRET is not set'],
  [['worker'], { DATABASE_URL: 'postgresql://here/db' }, 'ENCRYPTION_KEY is not set'],
  [['migrate'], {}, 'DATABASE_URL is not set'],
  [[], {}, 'Usage: node scripts/part.mjs web | worker | migrate'],
  [['everything'], {}, 'Usage:'],
])('a part that lacks what it must share says so and does not start: %j %j', async (args, given, words) => {
  const environment = { PATH: process.env.PATH, ...given } as unknown as NodeJS.ProcessEnv // Next declares one variable more than a process needs
  const failed = await promisify(execFile)(process.execPath, ['scripts/part.mjs', ...args], { env: environment }).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(words) })
})
