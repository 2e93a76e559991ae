import { ObjectChanged } from '@/lib/connectors/objects/object-access'
import { stopped } from '@/lib/connectors/stopped'
import { AppError } from '@/lib/core/errors'

/** What ended a look at files: an end that we set, or that somebody asked for, and a file that was written meanwhile, are said as such. */
export function inWords(error: unknown, signal: AbortSignal, label: string): unknown {
  if (error instanceof AppError) return error
  if (error instanceof ObjectChanged) return new AppError('source', { title: `${error.key} changed while it was looked at`, advice: 'Check again' }, { isRetryable: true, cause: error })
  return stopped(signal, label, 'Try again; a narrower pattern has fewer files to list') ?? error
}
