import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { livingServe } from './pid-file.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')

/** A failure that is said in one sentence; anything else is a fault of ours and shows where. */
class Sentence extends Error {}

/** @param {string} entrance @param {{ endIfRunning?: boolean, withTests?: boolean }} options */
export async function prepareAndRun(entrance, options) {
  try {
    enterProject()
    if (options.endIfRunning) refuseSecondStart()
    await install(options.withTests ?? false)
    await generateClient()
  } catch (error) {
    if (!(error instanceof Sentence)) throw error
    console.error(error.message)
    process.exit(1)
  }
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: path.join(root, 'tsconfig.json') })
  await import(new URL(`../${entrance}`, import.meta.url).href)
}

/** Commands work from any folder; a relative data folder stays relative to where the person is. */
function enterProject() {
  if (process.env.TRIBUTARY_DATA) process.env.TRIBUTARY_DATA = path.resolve(process.env.TRIBUTARY_DATA)
  process.env.TRIBUTARY_ROOT = root
  process.env.NEXT_TELEMETRY_DISABLED ??= '1'
  process.chdir(root)
}

function refuseSecondStart() {
  const data = process.env.TRIBUTARY_DATA || path.join(root, '.tributary')
  const running = livingServe(data)
  if (running) throw new Sentence(`Tributary is already ${running.url ? `running at ${running.url}` : 'starting'} (process ${running.pid}, data folder ${data}). Open that address, or end it first with: npm stop`)
}

/** `npm ci` when the installed packages are not those of package-lock.json. */
async function install(withTests) {
  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8')
  const hash = createHash('sha256').update(lock).digest('hex')
  const marker = path.join(root, 'node_modules', '.tributary-lock')
  const isComplete = !withTests || existsSync(path.join(root, 'node_modules', 'vitest'))
  if (isComplete && existsSync(marker) && readFileSync(marker, 'utf8') === hash) return
  if (!isComplete || !agrees(JSON.parse(lock).packages)) {
    const count = Object.keys(JSON.parse(lock).packages).length - 1
    await runWithWords(`Installing packages (up to ${count}; about a minute)`, ...npm(['ci', '--no-audit', '--no-fund', ...(withTests ? ['--include=dev'] : [])]), 'The packages could not be installed')
  }
  writeFileSync(marker, hash)
}

/** Do npm's own records say that the right versions are installed? So a developer's `npm install x` needs no second install. */
function agrees(wanted) {
  const file = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(file)) return false
  const installed = JSON.parse(readFileSync(file, 'utf8')).packages
  return Object.entries(wanted).every(([where, { version, optional, dev, link }]) => !where || link || (installed[where] ? installed[where].version === version : optional || dev))
}

/** The database client is generated code: made again when the schema or its generator changed. */
async function generateClient() {
  const inputs = ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json']
  const hash = createHash('sha256')
  for (const input of inputs) hash.update(readFileSync(path.join(root, input)))
  const wanted = hash.digest('hex')
  const marker = path.join(root, 'node_modules', '.cache', 'tributary', 'generated')
  if (existsSync(path.join(root, 'lib/db/generated/client.ts')) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return
  await runWithWords('Generating the database client', process.execPath, [path.join(root, 'node_modules/prisma/build/index.js'), 'generate'], 'The database client could not be generated')
  mkdirSync(path.dirname(marker), { recursive: true })
  writeFileSync(marker, wanted)
}

/** npm as it started us, else the one on the path. */
function npm(args) {
  const started = process.env.npm_execpath
  return started && /\.c?js$/.test(started) ? [process.execPath, [started, ...args]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', args]
}

/** @param {string} words @param {string} program @param {string[]} args @param {string} failure */
async function runWithWords(words, program, args, failure) {
  console.log(words)
  const began = Date.now()
  const beat = setInterval(() => console.log(`  still at it (${Math.round((Date.now() - began) / 1000)} s)`), 15_000)
  try {
    await new Promise((resolve, reject) => {
      execFile(program, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => (error ? reject(new Sentence(explain(failure, error, stdout + stderr))) : resolve(undefined)))
    })
  } finally {
    clearInterval(beat)
  }
}

function explain(failure, error, output) {
  if (/ENOSPC|no space left/i.test(output)) return `${failure}: the disk is full. Free some space, then try again.`
  if (/EACCES|EROFS|permission denied/i.test(output)) return `${failure}: the folder ${root} cannot be written to. Make it yours, then try again.`
  if (error.code === 'ENOENT') return `${failure}: npm was not found. Install Node with npm, then try again.`
  const lines = output.split('\n').filter((line) => /error|ERR!/i.test(line) && !/complete log/i.test(line)).slice(0, 6)
  return [`${failure}.`, ...lines].join('\n')
}
