import type { CheckStep } from '@/lib/sources/schema'
import { checkConfig } from '@/lib/sources/check-config'
import { toSentence } from '@/lib/core/errors'
import { readConfig } from '../read-config'
import type { Terminal } from '../terminal'

const marks = { ok: '✓', warning: '!', failed: '✕' }

export async function check(terminal: Terminal, connector: string, options: { config: string }): Promise<void> {
  const config = await readConfig(options.config)
  const steps: CheckStep[] = []
  for await (const step of checkConfig(connector, config, terminal.signal)) {
    steps.push(step)
    terminal.say(`${marks[step.status]} ${step.label}${step.detail ? `: ${step.detail}` : ''}`)
  }
  const failed = steps.find((step) => step.status === 'failed')
  if (failed) {
    terminal.exitCode = 1
    terminal.say(failed.error ? toSentence(failed.error) : `${failed.label} failed.`)
  }
  terminal.result({ ok: !failed, steps }, () => (failed ? 'The check failed' : 'Everything is in order'))
}
