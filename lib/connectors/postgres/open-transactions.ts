import type pg from 'pg'
import { z } from 'zod'

/** Who has a transaction open in this database at one moment, and which clock and transaction numbers the server had then. */
export interface OpenTransactions {
  isReplica: boolean
  /** Every transaction with a smaller number is over. */
  oldest: bigint
  /** The number that the next transaction to write gets. */
  next: bigint
  /** By the type of a column in the warehouse, as its text. */
  clock: Record<'TIMESTAMPTZ' | 'TIMESTAMP' | 'DATE', string>
  sessions: OpenSession[]
  prepared: z.infer<typeof Prepared>[]
}

export type OpenSession = z.infer<typeof Session>

const Server = z.object({ isReplica: z.boolean(), oldest: z.string(), upTo: z.string(), nextAge: z.number(), utc: z.string(), local: z.string() })
const Session = z.object({ name: z.string(), pid: z.number(), user: z.string().nullable(), application: z.string().nullable(), since: z.string().nullable(), isIdle: z.boolean() })
const Prepared = z.object({ number: z.string(), gid: z.string(), owner: z.string(), since: z.string() })

/**
 * Numbers and clock. `next` is told by the age of the first ordinary transaction, in 32 bits; those of a snapshot have 64. A `timestamp` may be of any
 * zone: its clock is the later of UTC and the zone that sessions of this database begin with. A replica's clock is how far it has come; one that was
 * promoted still tells how far it had come then.
 */
const SERVER = `
  SELECT pg_catalog.pg_is_in_recovery() AS "isReplica", pg_catalog.txid_snapshot_xmin(s)::text AS oldest, pg_catalog.txid_snapshot_xmax(s)::text AS "upTo",
    pg_catalog.age('3'::pg_catalog.xid) AS "nextAge", pg_catalog.to_char(now AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') AS utc,
    pg_catalog.to_char(now AT TIME ZONE pg_catalog.current_setting('TimeZone'), 'YYYY-MM-DD HH24:MI:SS.US') AS local
  FROM pg_catalog.txid_current_snapshot() AS s, LATERAL (SELECT LEAST(pg_catalog.clock_timestamp(), CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_xact_replay_timestamp() END) AS now) AS clock`

const DATABASE = 'SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()'

/**
 * Every transaction holds a lock on its own virtual number from its first moment on, before it has written anything, and lets go of it after what it
 * committed can be seen. Any user may see these locks, and in which database and under which name a session is. Left out are those that write no
 * rows: processes without a user (autovacuum), replication, and our own reads. The functions behind the views pg_locks and pg_stat_activity are asked, since a
 * session that begins would spend more time on the views than on the answer.
 */
const SESSIONS = `
  SELECT l.virtualtransaction AS name, l.pid, pg_catalog.pg_get_userbyid(a.usesysid)::text AS user, a.application_name AS application, coalesce(a.state LIKE 'idle%', false) AS "isIdle",
    pg_catalog.to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS since
  FROM pg_catalog.pg_lock_status() l LEFT JOIN pg_catalog.pg_stat_get_activity(NULL) a ON a.pid = l.pid
  WHERE l.locktype = 'virtualxid' AND l.virtualxid = l.virtualtransaction AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()
    AND (a.pid IS NULL OR a.usesysid IS NOT NULL AND a.datid = (${DATABASE}))
    AND NOT coalesce(a.application_name = 'tributary' AND pg_catalog.pg_get_userbyid(a.usesysid) = current_user, false)
    AND l.pid NOT IN (SELECT w.pid FROM pg_catalog.pg_stat_get_wal_senders() w WHERE w.pid IS NOT NULL)`

/** Asked after the sessions: a transaction is here before its session lets go of it. */
const PREPARED = `
  SELECT p.transaction::text AS number, p.gid, pg_catalog.pg_get_userbyid(p.ownerid)::text AS owner, pg_catalog.to_char(p.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS since
  FROM pg_catalog.pg_prepared_xact() p WHERE p.dbid = (${DATABASE})`

/** In a transaction of its own, as the first thing: whoever is not among them and writes after all began later. */
export async function listOpenTransactions(client: pg.Client): Promise<OpenTransactions> {
  const began = ['BEGIN READ ONLY', 'SET LOCAL statement_timeout = 10000', `SET LOCAL application_name = 'tributary'`]
  const rows = await several(client, [...began, SERVER, SESSIONS, PREPARED, 'COMMIT'])
  return read(rows[3], rows[4], rows[5])
}

/** Inside the transaction that reads, after its snapshot was taken; `oldest` is that of the snapshot. */
export async function listInSnapshot(client: pg.Client): Promise<OpenTransactions> {
  const [sessions, prepared, server] = await several(client, [SESSIONS, PREPARED, SERVER])
  return read(server, sessions, prepared)
}

/** One message, answered by a result for each statement; the published types know only one of them. */
async function several(client: pg.Client, statements: string[]): Promise<unknown[]> {
  const results: unknown = await client.query(statements.join('; '))
  return z.array(z.object({ rows: z.unknown() })).parse(results).map(({ rows }) => rows)
}

function read(server: unknown, sessions: unknown, prepared: unknown): OpenTransactions {
  const [{ isReplica, oldest, upTo, nextAge, utc, local }] = z.tuple([Server]).parse(server)
  const upToNumber = BigInt(upTo)
  const latest = local > utc ? local : utc
  return {
    isReplica,
    oldest: BigInt(oldest),
    next: upToNumber + BigInt.asUintN(32, BigInt(nextAge) + 3n - upToNumber),
    clock: { TIMESTAMPTZ: `${utc}+00`, TIMESTAMP: latest, DATE: latest.slice(0, 10) },
    sessions: z.array(Session).parse(sessions),
    prepared: z.array(Prepared).parse(prepared),
  }
}
