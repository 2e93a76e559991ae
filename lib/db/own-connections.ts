import type net from 'node:net'
import type pg from 'pg'
import { limits } from '@/lib/core/limits'

const LOOKS = 10

/**
 * How every process connects to our own database. Machines and networks vanish without a word: neither end may wait for the other for as long as
 * their systems would, which is a quarter of an hour and more.
 */
export function ownConnections(url: string, { silentSeconds }: { silentSeconds: number } = limits.database): pg.PoolConfig {
  return {
    connectionString: url,
    connectionTimeoutMillis: limits.database.connectSeconds * 1_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: limits.database.vanishedSeconds * 1_000,
    onConnect: async (client) => {
      await client.query(sessionSql)
      endSilence(client, silentSeconds * 1_000)
    },
  }
}

const { idleSeconds, vanishedSeconds } = limits.database

/** For the server: what a process holds that is gone, or hangs, is free again soon. */
const sessionSql = [
  `SET idle_in_transaction_session_timeout = ${idleSeconds * 1_000}`,
  `SET tcp_keepalives_idle = ${vanishedSeconds}`,
  `SET tcp_keepalives_interval = ${Math.round(vanishedSeconds / 4)}`,
  `SET tcp_keepalives_count = 4`,
].join('; ')

/** The parts of a client that its types do not name. */
interface Wire {
  readyForQuery: boolean
  connection: { stream: net.Socket }
}

/** A connection that gives no byte while it is waited for leads nowhere: it is cut, and whoever waits hears of it. */
function endSilence(client: pg.ClientBase, silentMs: number): void {
  const wire = client as unknown as Wire // not in the published types
  const { stream } = wire.connection
  let heard = -1
  let quietLooks = 0
  const look = setInterval(() => {
    quietLooks = wire.readyForQuery || stream.bytesRead !== heard ? 0 : quietLooks + 1
    heard = stream.bytesRead
    if (quietLooks >= LOOKS) stream.destroy(Object.assign(new Error(`the database sent nothing for ${silentMs / 1_000} s`), { code: 'ETIMEDOUT' }))
  }, silentMs / LOOKS)
  look.unref()
  stream.once('close', () => clearInterval(look))
}
