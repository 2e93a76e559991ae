import { checkFilesConfig } from '@/lib/sources/files/check-files-config'
import type { FilesPreview } from '@/lib/sources/files-schema'
import type { CheckStep, ConfigInput } from '@/lib/sources/schema'
import { checkConfig } from '@/lib/sources/check-config'
import { toSentence, type ErrorView } from '@/lib/core/errors'
import { formatBytes, formatCount, formatQuantity } from '@/lib/core/format'
import { readConfig } from '../read-config'
import { parseTables, type TableOptions } from '../table-options'
import type { Terminal } from '../terminal'

const marks = { ok: '✓', warning: '!', failed: '✕' }

interface Checked {
  steps: CheckStep[]
  failure: ErrorView | undefined
}

export async function check(terminal: Terminal, connector: string, options: TableOptions & { config: string }): Promise<void> {
  const tables = parseTables(options)
  const config = await readConfig(options.config)
  if (!tables.length) {
    const { steps, failure } = await followSteps(terminal, checkConfig(connector, config, terminal.signal))
    return conclude(terminal, failure, { steps })
  }
  const checked = []
  for (const table of tables) {
    if (tables.length > 1) terminal.say(`${table.name}:`)
    checked.push({ table: table.name, ...(await checkTable(terminal, connector, config, table)) })
  }
  conclude(terminal, checked.find(({ failure }) => failure)?.failure, { tables: checked.map(({ table, steps, preview }) => ({ table, steps, preview })) })
}

async function followSteps(terminal: Terminal, steps: AsyncIterable<CheckStep>): Promise<Checked> {
  const found: CheckStep[] = []
  for await (const step of steps) {
    found.push(step)
    say(terminal, step)
  }
  return { steps: found, failure: failureOf(found) }
}

async function checkTable(terminal: Terminal, connector: string, config: ConfigInput, table: ReturnType<typeof parseTables>[number]): Promise<Checked & { preview: FilesPreview | null }> {
  const steps: CheckStep[] = []
  let preview: FilesPreview | null = null
  for await (const line of checkFilesConfig(connector, config, table, terminal.signal)) {
    if (line.kind === 'preview') preview = line.preview
    else {
      steps.push(line.step)
      say(terminal, line.step)
    }
  }
  if (preview) terminal.say(foundWords(preview))
  return { steps, preview, failure: failureOf(steps) ?? preview?.problem ?? undefined }
}

function foundWords({ objects, objectCount, isCountExact, totalBytes, columns }: FilesPreview): string {
  const size = totalBytes === null ? '' : `, ${formatBytes(totalBytes)}`
  const first = objects.slice(0, 3).map(({ address }) => `  ${address}`)
  const shown = columns.map(({ name, type, chosenType }) => `${name} ${chosenType ?? type}`)
  return [`${isCountExact ? '' : 'more than '}${formatQuantity(objectCount, 'file')}${size}`, ...first, ...(objectCount > first.length ? [`  and ${formatCount(objectCount - first.length)} more`] : []), ...(shown.length ? [`columns: ${shown.join(', ')}`] : [])].join('\n')
}

function say(terminal: Terminal, step: CheckStep): void {
  terminal.say(`${marks[step.status]} ${step.label}${step.detail ? `: ${step.detail}` : ''}`)
}

function failureOf(steps: CheckStep[]): ErrorView | undefined {
  const failed = steps.find((step) => step.status === 'failed')
  return failed && (failed.error ?? { code: 'source', title: `${failed.label} failed`, isRetryable: false })
}

function conclude(terminal: Terminal, failure: ErrorView | undefined, document: object): void {
  if (failure) {
    terminal.exitCode = 1
    terminal.say(toSentence(failure))
  }
  terminal.result({ ok: !failure, ...document }, () => (failure ? 'The check failed' : 'Everything is in order'))
}
