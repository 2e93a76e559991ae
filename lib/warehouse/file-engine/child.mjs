// Plain JavaScript: a loader for TypeScript would double the time that it takes to start. Its messages are those of messages.ts.
import { mkdirSync, writeFileSync } from 'node:fs'
import { DuckDBInstance } from '@duckdb/node-api'
import '../keep-marks.mjs'

const PARENT_EVERY_MS = 1_000
const parent = process.ppid

/**
 * The process in which files of strangers are read: one that crashes the engine, or makes it take all memory, ends this process
 * and not the worker. It imports nothing of the house but how texts are read.
 */
async function main() {
  dieWithTheParent()
  offerToTheKernel()
  const start = JSON.parse(process.argv[2] ?? '')
  mkdirSync(start.spillFolder, { recursive: true, mode: 0o700 })
  const instance = await DuckDBInstance.create(':memory:', start.options)
  const connections = []
  for (let index = 0; index < start.connections; index++) {
    const connection = await instance.connect()
    await connection.run(`SET TimeZone = 'UTC'`)
    connections.push(connection)
  }
  process.on('message', (request) => {
    if (request.kind === 'interrupt') return connections.forEach((connection) => connection.interrupt())
    void answer(connections[request.connection], request).then(say)
  })
  say({ kind: 'ready' })
}

async function answer(connection, { kind, id, sql }) {
  try {
    if (kind === 'run') return { kind: 'done', id, written: (await connection.run(sql)).rowsChanged }
    return { kind: 'rows', id, rows: (await connection.runAndReadAll(sql)).getRowsJson() }
  } catch (error) {
    return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }
  }
}

/** The parent may be gone before anybody listens, and a process that it started may hold its end of the channel open. */
function dieWithTheParent() {
  // a statement under way would keep a gentle exit waiting
  const die = () => process.kill(process.pid, 'SIGKILL')
  process.on('disconnect', die)
  setInterval(() => process.ppid !== parent && die(), PARENT_EVERY_MS).unref()
  if (!process.connected) die()
}

/** When the machine has no memory left, this process is the one to lose. */
function offerToTheKernel() {
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/oom_score_adj', '500')
  } catch {
    // hardened containers refuse it; the parent watches this process's memory all the same
  }
}

function say(reply) {
  process.send?.(reply)
}

await main()
