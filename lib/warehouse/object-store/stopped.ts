import { AppError } from '@/lib/core/errors'

/** Why the work was stopped, in words; nothing when it was not. */
export function stoppedError(signal: AbortSignal | undefined): AppError | undefined {
  if (!signal?.aborted) return undefined
  return signal.reason instanceof AppError ? signal.reason : new AppError('cancelled', { title: 'The work was cancelled', advice: 'The table stays as it was' })
}

export function throwIfStopped(signal: AbortSignal | undefined): void {
  const error = stoppedError(signal)
  if (error) throw error
}
