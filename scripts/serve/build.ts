import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import { withProcessLock } from '@/lib/db/embedded/process-lock'
import { lastLines, openLog } from './data-folder'

const FOLDERS = ['app', 'components', 'lib', 'public', 'prisma']
const FILES = ['package-lock.json', 'next.config.ts', 'proxy.ts', 'instrumentation.ts', 'postcss.config.mjs', 'tsconfig.json']
const BUILD_WAIT_SECONDS = 900

/** Build the pages when their sources changed since the last complete build. */
export async function buildPages(data: string, say: (words: string) => void, ending: AbortSignal): Promise<void> {
  const root = projectFolder()
  const marker = path.join(root, '.next', 'tributary-build')
  const isFresh = (hash: string) => fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === hash
  if (isFresh(hashSources(root))) return
  fs.mkdirSync(path.join(root, '.next'), { recursive: true })
  // two starts with different data folders share one build
  await withProcessLock(path.join(root, '.next', 'tributary-build.lock'), async () => {
    const hash = hashSources(root)
    if (isFresh(hash)) return
    fs.rmSync(marker, { force: true }) // an interrupted build leaves no marker, and is done again
    await runBuild(root, data, say, ending)
    fs.writeFileSync(marker, hash)
  }, BUILD_WAIT_SECONDS)
}

async function runBuild(root: string, data: string, say: (words: string) => void, ending: AbortSignal): Promise<void> {
  say('Building the pages (about half a minute)')
  const log = openLog(data, 'build')
  const began = Date.now()
  const beat = setInterval(() => say(`  still building (${Math.round((Date.now() - began) / 1000)} s)`), 15_000)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
        cwd: root,
        env: { ...process.env, NODE_ENV: 'production' },
        stdio: ['ignore', log.descriptor, log.descriptor],
        signal: ending,
      })
      child.once('error', reject)
      child.once('exit', resolve)
    })
    if (code !== 0) throw buildError(log.file)
  } finally {
    clearInterval(beat)
    fs.closeSync(log.descriptor)
  }
}

function buildError(file: string): AppError {
  const end = firstError(fs.readFileSync(file, 'utf8')) ?? lastLines(file, 30)
  if (/ENOSPC|no space left/i.test(end)) return new AppError('storage_full', { title: 'The disk is full: the pages cannot be built', advice: 'Free some space, then start again' })
  console.error(end)
  return new AppError('internal', { title: 'The pages could not be built', detail: `The lines above are from ${file}` })
}

/** Warnings may follow the error in the log: what is shown begins where it went wrong. */
function firstError(log: string): string | undefined {
  const lines = log.split('\n')
  const at = lines.findIndex((line) => /error TS|failed to|build error|\bError\b/i.test(line))
  return at < 0 ? undefined : lines.slice(at, at + 20).join('\n')
}

/** One hash over everything that ends up in the pages. */
export function hashSources(root: string): string {
  const hash = createHash('sha256')
  const files = [...FILES, ...FOLDERS.flatMap((folder) => listFiles(root, folder))]
  for (const file of files) {
    const full = path.join(root, file)
    if (fs.existsSync(full)) hash.update(`${file}\0`).update(fs.readFileSync(full)).update('\0')
  }
  return hash.digest('hex')
}

function listFiles(root: string, folder: string): string[] {
  if (!fs.existsSync(path.join(root, folder))) return []
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === 'generated' ? [] : listFiles(root, file)
      return entry.name.endsWith('.test.ts') ? [] : [file]
    })
}
