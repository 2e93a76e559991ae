import { AppError } from '@/lib/core/errors'

/**
 * Why a signal ended what was under way, in words; null when it did not. A limit of our own (AbortSignal.timeout) is `timeout`, a
 * person or a worker that stops is `cancelled`. @param advice what to do when the service takes too long
 */
export function stopped(signal: AbortSignal, service: string, advice = 'Try again; if it stays, look at the status page of the service'): AppError | null {
  if (!signal.aborted) return null
  const reason: unknown = signal.reason
  if (reason instanceof AppError) return reason
  if (reason instanceof Error && reason.name === 'TimeoutError') return new AppError('timeout', { title: `${service} took too long`, advice }, { isRetryable: true, cause: reason })
  return new AppError('cancelled', { title: 'Cancelled' }, { cause: reason })
}
