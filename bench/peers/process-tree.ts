import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_MS = 50
const KEPT_OUTPUT = 64 * 1024

export interface Ran {
  /** From its start to its end, what it needs to start included. */
  seconds: number
  /** The part of it that was the work itself, where the program says so. */
  inner?: number
  /** The most that the process and all of its children held at once. */
  megabytes: number
  stdout: string
}

export interface Command {
  program: string
  args: string[]
  env: NodeJS.ProcessEnv
  cwd?: string
  timeoutSeconds?: number
}

/** Run a command to its end, with its time and the memory of its whole process tree. A failure says its last words. */
export async function runTree({ program, args, env, cwd, timeoutSeconds = 300 }: Command): Promise<Ran> {
  const began = performance.now()
  // a group of its own, so that children end with it
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, words, megabytes, isLate] = ['', '', 0, false]
  child.stdout.on('data', (part: Buffer) => (stdout = (stdout + part.toString()).slice(-KEPT_OUTPUT)))
  child.stderr.on('data', (part: Buffer) => (words = (words + part.toString()).slice(-KEPT_OUTPUT)))
  const sampling = setInterval(() => (megabytes = Math.max(megabytes, treeMegabytes(child.pid))), SAMPLE_MS)
  const deadline = setTimeout(() => {
    isLate = true
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  }, timeoutSeconds * 1000)
  const code = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (number, signal) => resolve(number ?? signal ?? 'unknown'))
  })
  clearInterval(sampling)
  clearTimeout(deadline)
  if (isLate) throw new Error(`did not end within ${timeoutSeconds} s`)
  if (code !== 0) throw new Error(lastWords(`${stdout}\n${words}`) || `ended with ${code}`)
  return { seconds: (performance.now() - began) / 1000, megabytes, stdout }
}

/** What a process and its children hold now (VmRSS of proc(5)); what several of them share counts for each. */
function treeMegabytes(pid: number | undefined): number {
  if (!pid) return 0
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    return Math.round(kilobytes / 1024) + childrenOf(pid).reduce((sum, child) => sum + treeMegabytes(child), 0)
  } catch {
    return 0 // it has ended meanwhile
  }
}

/** Any thread may have started one. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number))
}

function lastWords(output: string): string {
  return output.split('\n').map((line) => line.trim()).filter(Boolean).slice(-3).join(' | ').slice(-600)
}
