import { spawn } from 'node:child_process'

/** Run a program in a process of its own, that is told what to do and may kill itself; gives the signal that ended it, null when it lived to the end. */
export async function inChild(program: string, order: unknown): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stdin.end(JSON.stringify(order))
  let errors = ''
  child.stderr.on('data', (data) => (errors += String(data)))
  return new Promise((resolve, reject) => child.on('exit', (code, signal) => (code ? reject(new Error(errors)) : resolve(signal))))
}
