import { CommanderError } from 'commander'
import { program } from './program'
import { Terminal } from './terminal'

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
