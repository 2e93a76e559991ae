import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommanderError } from 'commander'
import { setEnv, setEnvDefaults } from '@/lib/core/env'
import { program } from './program'
import { Terminal } from './terminal'

// It works from any folder: the program's own is where this file is, not where the person stands.
setEnv({ TRIBUTARY_ROOT: path.dirname(path.dirname(fileURLToPath(import.meta.url))) })
// What is worth a person's while is said in sentences; LOG_LEVEL=debug shows the rest.
setEnvDefaults({ LOG_LEVEL: 'error' })

const terminal = new Terminal(process.argv.includes('--json'))

async function main(): Promise<number> {
  try {
    await program(terminal).parseAsync()
    return terminal.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return terminal.usage(error)
    return terminal.fail(error)
  }
}

void main().then(async (code) => {
  await terminal.flush()
  process.exit(code)
})
