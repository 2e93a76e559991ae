import pino, { type Logger } from 'pino'
import { env } from './env'
import { currentRun } from './run-scope'

/** The names under which a secret could reach a log line; their values never do. */
const secretPaths = ['password', 'secret', 'token', 'connectionString', 'config', 'authorization'].flatMap((name) => [name, `*.${name}`])

let root: Logger | undefined

/** A structured log to standard error, with the given part's name on each line, and the run's where one is at work. */
export function logger(part: string): Logger {
  root ??= pino({ level: env().LOG_LEVEL, base: undefined, redact: secretPaths, timestamp: pino.stdTimeFunctions.isoTime, mixin: runOf }, pino.destination({ fd: 2, sync: true }))
  return root.child({ part })
}

function runOf(): { runId?: string } {
  const run = currentRun()
  return run ? { runId: run.runId } : {}
}
