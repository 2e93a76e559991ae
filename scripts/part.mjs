// One part of Tributary as a process of its own, for machines that something else looks after: node scripts/part.mjs web | worker | migrate.
// `npm start` is for one machine: it installs, builds, brings a database and keeps its parts alive; this does none of it.
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What each part must share with the others, so that it cannot be made here. */
const parts = {
  web: ['DATABASE_URL', 'ENCRYPTION_KEY', 'NEXTAUTH_SECRET'],
  worker: ['DATABASE_URL', 'ENCRYPTION_KEY'],
  migrate: ['DATABASE_URL'],
}

const part = process.argv[2] ?? ''
const missing = parts[part]?.filter((name) => !process.env[name])
if (!missing) fail('Usage: node scripts/part.mjs web | worker | migrate')
else if (missing.length) fail(`The environment variable ${missing[0]} is not set. Parts that run as processes of their own must share it; docs/deploy.md says how.`)
else await run()

function fail(words) {
  console.error(words)
  process.exit(1)
}

async function run() {
  process.env.TRIBUTARY_ROOT = root
  process.chdir(root)
  if (part === 'web') return runWeb()
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: path.join(root, 'tsconfig.json') })
  await import(pathToFileURL(path.join(root, part === 'worker' ? 'worker/main.ts' : 'scripts/migrate.ts')).href)
}

async function runWeb() {
  process.env.NODE_ENV = 'production'
  process.env.NEXT_TELEMETRY_DISABLED ??= '1'
  const { HOST = '127.0.0.1', PORT = '3000' } = process.env
  process.argv = [process.argv[0], 'next', 'start', '-H', HOST, '-p', PORT]
  await import('next/dist/bin/next')
}
