import { AppError } from '@/lib/core/errors'

/** As Prisma and its adapter name it: by code, or by kind. */
const AWAY = new Set([
  'P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037', 'DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections',
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  // it shuts down, starts, has no connection left, or ended ours
  '57P01', '57P02', '57P03', '53300', '25P03', '08000', '08003', '08006',
])
/** What the driver says without any code. */
const WORDS = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/
const DEPTH = 6

/** Did this happen because our own database was not there? Only for errors of our own database: those of sources look alike. */
export function isDatabaseAway(error: unknown, depth = DEPTH): boolean {
  if (typeof error !== 'object' || error === null || error instanceof AppError || depth === 0) return false
  const { code, kind, originalCode, message, cause, meta, driverAdapterError } = error as Record<string, unknown> // whatever was thrown: each is looked at before it is used
  if ([code, kind, originalCode].some((name) => typeof name === 'string' && AWAY.has(name))) return true
  if (typeof message === 'string' && WORDS.test(message)) return true
  return [cause, meta, driverAdapterError].some((inner) => isDatabaseAway(inner, depth - 1))
}

/** The same failure in words, where it is one of our own database; it passes by itself. */
export function databaseAway(cause: unknown): AppError | undefined {
  if (!isDatabaseAway(cause)) return undefined
  return new AppError('unreachable', { title: 'The database of Tributary does not answer', detail: 'The connection broke or was not to be had', advice: 'Try again in a moment; if it stays, see whether the database runs and is reached from here' }, { isRetryable: true, cause })
}
