import { limits } from '@/lib/core/limits'
import { logger } from '@/lib/core/logger'
import { countRunLogs, insertRunLogs, type LogLevel, type NewLogLine } from '@/lib/db/run-logs'

const FLUSH_MS = 500

/**
 * The log of one run: lines are written in batches, soon after they were said, and end at a ceiling with a line that says
 * so. Values of secrets are blotted out before a line is kept anywhere.
 */
export class RunLogWriter {
  private waiting: NewLogLine[] = []
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()
  private written = 0
  private readonly log

  constructor(
    private readonly run: { workspaceId: string; runId: string },
    private readonly blot: (text: string) => string,
  ) {
    this.log = logger('sync')
  }

  /** Lines of an earlier attempt count towards the ceiling. */
  async open(): Promise<void> {
    this.written = await countRunLogs(this.run.workspaceId, this.run.runId)
  }

  say(level: LogLevel, text: string): void {
    const message = this.blot(text)
    this.log.debug(message)
    if (this.written > limits.logLinesPerRun) return
    const isLast = this.written === limits.logLinesPerRun
    this.written++
    this.waiting.push(isLast ? { at: new Date(), level: 'warn', message: `The log of this run ends here, at ${limits.logLinesPerRun} lines` } : { at: new Date(), level, message })
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS)
  }

  /** Everything said so far is written. A log that cannot be written never fails its run. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const lines = this.waiting
    this.waiting = []
    if (lines.length) {
      this.writing = this.writing
        .then(() => insertRunLogs(this.run.workspaceId, this.run.runId, lines))
        .catch((error: unknown) => this.log.warn({ err: error, lines: lines.length }, 'lines of a run\'s log could not be kept'))
    }
    await this.writing
  }
}
