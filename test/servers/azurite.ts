import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { bareEnvironment } from '@/lib/core/env'

const START_SECONDS = 30
const PROGRAM = createRequire(import.meta.url).resolve('azurite/dist/src/blob/main.js')
/** The line to the parent closes however the parent ends. */
const END_WITH_PARENT = 'data:text/javascript,process.once("disconnect",()=>process.exit())'

export interface Azurite {
  /** Of the account: `http://127.0.0.1:port/account`. */
  endpoint: string
  account: string
  /** The account's key, in base64. */
  key: string
  stop(): Promise<void>
}

/** Microsoft's own emulator of Blob storage, on a free port of this machine, with all it holds in memory; it dies with this process. */
export async function startAzurite(): Promise<Azurite> {
  const account = 'tributarytest'
  const key = randomBytes(64).toString('base64')
  // an emulator is older than the client that speaks to it: without the last option it refuses every request
  const options = ['--blobHost', '127.0.0.1', '--blobPort', '0', '--inMemoryPersistence', '--silent', '--disableTelemetry', '--skipApiVersionCheck']
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, PROGRAM, ...options], {
    env: { ...bareEnvironment(), AZURITE_ACCOUNTS: `${account}:${key}` } as unknown as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  return { endpoint: `${await addressOf(child)}/${account}`, account, key, stop: () => end(child) }
}

/** It says where it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = () => reject(new Error(`Azurite did not start: ${said.slice(-500)}`))
    const timer = setTimeout(() => void end(child).then(fail), START_SECONDS * 1000)
    const hear = (bytes: Buffer) => {
      said += bytes.toString()
      const address = /successfully listen\w* (?:at|on) (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
      if (!address) return
      clearTimeout(timer)
      resolve(address)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('exit', () => {
      clearTimeout(timer)
      fail()
    })
  })
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGKILL') // what it holds is gone anyway
  })
}
