import { formatBytes, formatCount, formatDuration, formatPercent, formatQuantity, formatRate } from '@/lib/core/format'
import type { RunRow } from '@/lib/db/runs'
import type { Terminal } from './terminal'

const BAR_WIDTH = 24
const LINE_EVERY_MS = 5_000

interface Entry {
  run: RunRow
  shownStep: string | null
  shownAtMs: number
}

/** Progress for a person: a bar for each running schema on a terminal, else a line when a step begins and every few seconds. */
export class ProgressBoard {
  private readonly entries = new Map<string, Entry>()
  private drawnLines = 0

  constructor(private readonly terminal: Terminal) {}

  update(name: string, run: RunRow): void {
    const former = this.entries.get(name)
    const entry = { run, shownStep: former?.shownStep ?? null, shownAtMs: former?.shownAtMs ?? 0 }
    if (run.status !== 'running') this.entries.delete(name)
    else this.entries.set(name, entry)
    if (this.terminal.isInteractive) return this.draw()
    const isNews = run.step !== entry.shownStep || performance.now() - entry.shownAtMs > LINE_EVERY_MS
    if (run.status !== 'running' || !run.step || !isNews) return
    this.terminal.say(`${name}: ${progressWords(run)}`)
    Object.assign(entry, { shownStep: run.step, shownAtMs: performance.now() })
  }

  /** A line that stays, above the bars. */
  say(words: string): void {
    this.erase()
    this.terminal.say(words)
    if (this.terminal.isInteractive) this.draw()
  }

  end(): void {
    this.entries.clear()
    this.erase()
  }

  private draw(): void {
    this.erase()
    const widest = Math.max(0, ...[...this.entries.keys()].map((name) => name.length))
    const columns = process.stderr.columns || 80
    for (const [name, { run }] of this.entries) {
      const share = run.rowsExpected ? Math.min(0.99, run.rowsRead / run.rowsExpected) : 0
      const filled = Math.round(share * BAR_WIDTH)
      const line = `${name.padEnd(widest)} ${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${run.rowsExpected ? formatPercent(share).padStart(5) : '     '} ${progressWords(run)}`
      // a line that wraps could not be erased
      this.terminal.say([...line].slice(0, columns - 1).join(''))
      this.drawnLines++
    }
  }

  private erase(): void {
    if (this.drawnLines) process.stderr.write(`\u001b[${this.drawnLines}A\u001b[J`)
    this.drawnLines = 0
  }
}

function progressWords({ step, rowsRead, rowsExpected, bytesRead, pace, startedAt }: RunRow): string {
  const seconds = startedAt ? (Date.now() - startedAt.getTime()) / 1_000 : 0
  const rate = seconds > 1 && rowsRead ? formatRate(rowsRead / seconds) : ''
  const left = rowsExpected !== null && rowsExpected > rowsRead ? `about ${formatCount(rowsExpected - rowsRead)} left` : ''
  // What holds an API back is said first: a line that is cut on a narrow terminal loses its end.
  return [step ?? 'discover', formatQuantity(rowsRead, 'row'), left, pace ?? '', pace ? '' : rate, formatBytes(bytesRead), formatDuration(seconds * 1_000)].filter(Boolean).join(', ')
}
