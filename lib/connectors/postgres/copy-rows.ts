import { AppError } from '@/lib/core/errors'
import { formatBytes } from '@/lib/core/format'
import type { BytesBatch, ReadRequest } from '../contract'
import type { PostgresConfig } from './config'
import type { Session } from './connect'
import { CopyStream, IDLE } from './copy-stream'
import { copyStatement } from './copy-statement'
import { idleError, queryError } from './postgres-error'
import { isTooLong, tooLongError } from './too-long'

/** A session to read by, and how it is given back. */
export interface Lent {
  session: Session
  /** `isIntact`: it answered to its end and can be asked again. */
  giveBack(isIntact: boolean): Promise<void>
}

/**
 * The rows of a request by a session in a transaction of its own. The next batch is filled while the consumer works on the one before; then the
 * connection waits, and with it the server. Ending early drops the connection and has the server end the read.
 * @param mostRowBytes of who has less room than others; a longer row is then not looked for
 */
export async function* copyRows(config: PostgresConfig, request: ReadRequest, borrow: () => Promise<Lent>, signal: AbortSignal, mostRowBytes?: number): AsyncGenerator<BytesBatch> {
  const { table = 'table' } = request.location
  const statement = copyStatement(request)
  const { session, giveBack } = await borrow()
  let copy: CopyStream | undefined
  const onAbort = () => {
    copy?.stop()
    void session.abandon() // at once, also while the consumer is busy with a batch
  }
  signal.addEventListener('abort', onAbort)
  try {
    signal.throwIfAborted()
    copy = new CopyStream(session.socket, request.batchBytes, mostRowBytes)
    session.lendReads(true)
    copy.start(statement)
    for (let batch = await copy.next(); batch; batch = await copy.next()) yield batch
  } catch (error) {
    if (isTooLong(error)) throw mostRowBytes === undefined ? await tooLongError(error, config, request, signal) : longerThan(mostRowBytes, table, error)
    throw error === IDLE ? idleError(config) : queryError(session.causeOf(error), config, signal, `Reading ${table}`)
  } finally {
    signal.removeEventListener('abort', onAbort)
    copy?.stop()
    session.lendReads(false)
    await giveBack(copy?.isComplete ?? false)
  }
}

function longerThan(bytes: number, table: string, cause: unknown): AppError {
  return new AppError('source', { title: `A row of ${table} is longer than ${formatBytes(bytes)}` }, { cause })
}
