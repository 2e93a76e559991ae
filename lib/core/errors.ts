/** What kind of failure it is; people see the words, programs see the code. */
export type ErrorCode =
  | 'unreachable'
  | 'refused'
  | 'tls'
  | 'credentials'
  | 'no_such_database'
  | 'permission'
  | 'missing_table'
  | 'missing_column'
  | 'bad_config'
  | 'not_allowed'
  | 'timeout'
  | 'cancelled'
  | 'conflict'
  | 'not_found'
  | 'invalid'
  | 'value_does_not_fit'
  | 'lease_lost'
  | 'source'
  | 'storage_full'
  | 'query'
  | 'rate_limited'
  | 'differs'
  | 'bad_file'
  | 'internal'

export interface ErrorWords {
  /** What failed: "Sign-in to the database was refused". */
  title: string
  /** The detail: "password authentication failed for user reader at db.example.com:5432". */
  detail?: string
  /** What to do: "Check the password, then test the connection again". */
  advice?: string
}

export interface ErrorView extends ErrorWords {
  code: ErrorCode
  isRetryable: boolean
  /** What is wrong with a field of a form, by the field's name. */
  fields?: Record<string, string>
}

/** A failure in words for people. Never carries a secret; its cause is for the log alone. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly title: string
  readonly detail: string | undefined
  readonly advice: string | undefined
  /** May the same thing pass when tried again with nothing changed? */
  readonly isRetryable: boolean
  readonly fields: Record<string, string> | undefined
  /** How long whoever failed asks us to rest before the next try. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, words: ErrorWords, options: { isRetryable?: boolean; retryAfterSeconds?: number; fields?: Record<string, string>; cause?: unknown } = {}) {
    super([words.title, words.detail, words.advice].filter(Boolean).join('. '), { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.title = words.title
    this.detail = words.detail
    this.advice = words.advice
    this.isRetryable = options.isRetryable ?? false
    this.fields = options.fields
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/**
 * Any thrown value as something to show. An unknown error shows no message of its own, since
 * that could hold a secret or a path: its text belongs into the log.
 */
export function toErrorView(thrown: unknown): ErrorView {
  const error = diskFull(thrown) ?? thrown
  if (error instanceof AppError) {
    const { code, title, detail, advice, isRetryable, fields } = error
    return { code, title, detail, advice, isRetryable, ...(fields && { fields }) }
  }
  return {
    code: 'internal',
    title: 'Tributary itself failed',
    detail: 'The log has the details of this failure',
    advice: 'Try again; if it stays, report it with the log of this run',
    isRetryable: true,
  }
}

/** Whichever file it was that found no room. */
function diskFull(cause: unknown): AppError | undefined {
  if (!(cause instanceof Error) || !('code' in cause) || (cause.code !== 'ENOSPC' && cause.code !== 'EDQUOT')) return undefined
  return new AppError('storage_full', { title: 'The disk of the warehouse is full', advice: 'Free some space, then try again' }, { isRetryable: true, cause })
}

/** The error as one sentence, for the command line and logs. */
export function toSentence(view: ErrorView): string {
  return [view.title, view.detail, view.advice].filter(Boolean).join('. ') + '.'
}
