import { spawn } from 'node:child_process'
import { MemorySource, column } from './memory-source'
import type { ChildOrder } from './sync-child'

/** Run a sync in a process of its own, that kills itself; gives the signal that ended it, null when it lived to the end. */
export async function syncInChild(order: ChildOrder): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/sync-child.ts'], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(JSON.stringify(order))
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  return new Promise((resolve, reject) => child.on('exit', (code, signal) => (code ? reject(new Error(errors)) : resolve(signal))))
}

/** A table with a key, what changed last and a name, in batches that a sync can be killed between. */
export function changingSource(rows: string[][]): MemorySource {
  const made = new MemorySource([column('id', 'BIGINT'), column('changed', 'BIGINT'), column('name', 'VARCHAR')])
  made.primaryKey = ['id']
  made.batchRows = 5_000
  made.rows = rows
  return made
}
