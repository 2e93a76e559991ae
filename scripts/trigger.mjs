import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

// The command line of Trigger.dev in the version of the client. It weighs 160 MB and only whoever deploys needs it, so npx fetches it.
const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const child = spawn('npx', ['--yes', `trigger.dev@${dependencies['@trigger.dev/sdk']}`, ...process.argv.slice(2), '--skip-update-check'], { stdio: 'inherit', shell: process.platform === 'win32' })
child.on('exit', (code, signal) => process.exit(signal ? 1 : code))
