import type pg from 'pg'
import { AppError } from '@/lib/core/errors'
import { formatCount, formatQuantity } from '@/lib/core/format'
import { limits } from '@/lib/core/limits'

/** Whoever looks sees how many sessions there are, whatever else is hidden; processes of the server's own have no user. */
const CONNECTIONS = `
  SELECT pg_catalog.current_setting('max_connections')::int AS most,
    (SELECT count(*) FROM pg_catalog.pg_stat_get_activity(NULL) WHERE usesysid IS NOT NULL)::int AS used`

/** A connection beyond the one that a sync needs is only for a server that has enough of them left for others. Outside a transaction; a server that does not tell is trusted to refuse by itself. */
export async function refuseIfScarce(client: pg.Client, share: number = limits.parallel.spareConnections): Promise<void> {
  const found = await client.query<{ most: number; used: number }>(CONNECTIONS).catch((error: unknown) => {
    if (/^(42|0A|22)/.test((error as { code?: string }).code ?? '')) return null
    throw error
  })
  const { most = 0, used = 0 } = found?.rows[0] ?? {}
  if (most - used >= most * share) return
  throw new AppError('source', { title: 'The server has few free connections', detail: `${formatCount(used)} of its ${formatQuantity(most, 'connection')} are used` }, { isRetryable: true })
}
