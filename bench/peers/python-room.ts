import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { projectFolder } from '@/lib/core/env'

const run = promisify(execFile)
const INSTALL_MS = 300_000

/** Where contenders are installed; git knows nothing of it. */
export function peersFolder(): string {
  const folder = path.join(projectFolder(), 'node_modules', '.cache', 'tributary', 'peers')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** A virtual environment of its own with these packages, made once; gives its folder. Fails in words. */
export async function pythonRoom(name: string, packages: string[]): Promise<string> {
  const room = path.join(peersFolder(), name)
  const done = path.join(room, 'installed')
  const wanted = packages.join('\n')
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return room
  const { stdout } = await run('python3', ['--version']).catch(() => ({ stdout: '' }))
  if (!stdout) throw new Error('Python 3 is not on this machine')
  await run('python3', ['-m', 'venv', '--clear', room]).catch(() => {
    throw new Error('Python here cannot make a virtual environment: apt-get install python3-venv')
  })
  await run(path.join(room, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages], { timeout: INSTALL_MS }).catch((error: unknown) => {
    console.log(String((error as { stderr?: unknown }).stderr ?? error).trim().split('\n').slice(-3).join('\n'))
    throw new Error(`pip could not install ${packages.join(', ')}`)
  })
  writeFileSync(done, wanted)
  return room
}

/** The environment of a contender: nothing of ours, a home of its own in the folder. */
export function peerEnvironment(folder: string, own: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC', NODE_ENV: 'production', ...own }
}
