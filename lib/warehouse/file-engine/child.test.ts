import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { birthOf } from '@/lib/core/process-birth.mjs'

const CHILD = path.resolve('lib/warehouse/file-engine/child.mjs')

/** Runs a parent that starts the process of engines, says its number and then lives by `life`, where `child` is the process. Gives all numbers that it said once it was killed. */
async function killedParent(life: string): Promise<number[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tributary-child-'))
  const program = path.join(folder, 'parent.mjs')
  await writeFile(program, `
    import { spawn } from 'node:child_process'
    const start = ${JSON.stringify({ connections: 1, spillFolder: path.join(folder, 'spill'), options: { threads: '1' } })}
    const child = spawn(process.execPath, [${JSON.stringify(CHILD)}, JSON.stringify(start)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
    const die = () => process.kill(process.pid, 'SIGKILL')
    process.stdout.write(String(child.pid) + '\\n', () => { ${life} })`)
  const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  parent.stdout.on('data', (text) => (said += String(text)))
  await once(parent, 'close')
  return said.trim().split('\n').map(Number)
}

async function isGone([pid = 0]: number[]): Promise<void> {
  await expect.poll(() => birthOf(pid), { timeout: 20_000 }).toBeUndefined()
}

test('it does not outlive a parent that is killed before it listens', async () => {
  await isGone(await killedParent('die()'))
})

test('it does not outlive a parent that is killed as soon as it says that it is ready', async () => {
  await isGone(await killedParent(`child.on('message', die)`))
})

test.runIf(process.platform === 'linux')('it does not outlive a killed parent of which another process holds the channel', async () => {
  const heir = `const heir = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', child.channel.fd] })`
  const [pid = 0, heirPid = 0] = await killedParent(`child.on('message', () => { ${heir}; process.stdout.write(String(heir.pid), die) })`)
  try {
    await isGone([pid])
  } finally {
    process.kill(heirPid, 'SIGKILL')
  }
})
