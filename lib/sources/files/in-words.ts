import { stopped } from '@/lib/connectors/stopped'
import { AppError } from '@/lib/core/errors'

/** What ended a look at files: an end that we set, or that somebody asked for, is said as such. */
export function inWords(error: unknown, signal: AbortSignal, label: string): unknown {
  if (error instanceof AppError) return error
  return stopped(signal, label, 'Try again; a narrower pattern has fewer files to list') ?? error
}
