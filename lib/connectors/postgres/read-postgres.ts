import type { BytesBatch, ReadRequest } from '../contract'
import type { PostgresConfig } from './config'
import { openPostgresSnapshot } from './snapshot'

/** All rows of one table, or those since a replication key, from a snapshot of its own. Ending early has the server end the read. */
export async function* readPostgres(config: PostgresConfig, request: ReadRequest, signal: AbortSignal): AsyncGenerator<BytesBatch> {
  const snapshot = await openPostgresSnapshot(config, signal)
  try {
    yield* snapshot.read(request)
  } finally {
    await snapshot.close()
  }
}
