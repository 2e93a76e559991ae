import { CommanderError } from 'commander'
import { AppError, toErrorView, toSentence, type ErrorView } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'

/** A command line that cannot mean anything: exit code 2. */
export class UsageError extends CommanderError {
  constructor(message: string) {
    super(2, 'tributary.usage', message)
  }
}

/**
 * Where a command speaks. Standard output holds the result alone: with `--json` one JSON document. Everything else,
 * progress and sentences, goes to standard error.
 */
export class Terminal {
  /** Aborted at Ctrl-C. */
  readonly signal: AbortSignal
  exitCode = 0
  private hasDocument = false

  constructor(readonly isJson: boolean) {
    const interrupt = new AbortController()
    this.signal = interrupt.signal
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (interrupt.signal.aborted) process.exit(1) // asked twice: at once
        interrupt.abort(new AppError('cancelled', { title: 'Stopped by you' }))
      })
    }
    // A reader that has seen enough (`| head`) is no failure.
    process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? this.exitCode : 1))
  }

  get isInteractive(): boolean {
    return Boolean(process.stderr.isTTY)
  }

  /** The result: as a document with `--json`, else in words. */
  result(document: unknown, words: () => string): void {
    if (this.isJson) this.document(document)
    else this.write(words())
  }

  document(value: unknown): void {
    if (this.hasDocument) throw new Error('a second JSON document')
    this.hasDocument = true
    this.write(JSON.stringify(value, null, 2))
  }

  /** The document was written past this object, piece by piece. */
  documentIsWritten(): void {
    this.hasDocument = true
  }

  write(text: string): void {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** A line for the person who watches. */
  say(words: string): void {
    process.stderr.write(`${words}\n`)
  }

  /** One sentence on standard error, and with `--json` the error as the document. Gives the exit code. */
  fail(error: unknown): number {
    // An AbortError that a library made of our own signal says nothing; our reason does.
    const thrown = this.signal.aborted && !(error instanceof AppError) ? this.signal.reason : error
    const view = toErrorView(thrown)
    if (!(thrown instanceof AppError)) logger('cli').error({ err: thrown }, view.title)
    this.say(toSentence(view))
    if (this.isJson && !this.hasDocument) this.document({ error: { ...errorDocument(view), ...positionOf(thrown) } })
    return 1
  }

  /** Commander has said what is wrong, or printed its help. */
  usage(error: CommanderError): number {
    if (error.exitCode === 0) return 0
    if (error instanceof UsageError) this.say(`error: ${error.message}`)
    if (this.isJson && !this.hasDocument) this.document({ error: { code: 'invalid', title: error.message.replace(/^error: /, ''), detail: null, advice: 'See tributary --help' } })
    return 2
  }

  /** What was written has left the process. */
  async flush(): Promise<void> {
    await Promise.all([process.stdout, process.stderr].map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))))
  }
}

/** An error as programs get it. */
export function errorDocument(error: ErrorView): { code: string; title: string; detail: string | null; advice: string | null } {
  return { code: error.code, title: error.title, detail: error.detail ?? null, advice: error.advice ?? null }
}

/** A query's error knows its place in the text. */
function positionOf(error: unknown): { position?: unknown } {
  return error instanceof AppError && 'position' in error ? { position: error.position } : {}
}
