import pg from 'pg'
import { z } from 'zod'
import { logger } from '@/lib/core/logger'
import { databaseUrl } from './client'

const CHANNEL = 'tributary'
const RECONNECT_MS = 1_000
/** A connection that a firewall dropped without a word is noticed by a query that gets no answer. */
const PROBE_MS = 30_000

const Change = z.object({ table: z.enum(['SyncRun', 'SourceSchema', 'Source']), workspaceId: z.string(), sourceId: z.string(), id: z.string() })
/** A row that was inserted, updated or deleted. */
export type StatusChange = z.infer<typeof Change>

export interface StatusListener {
  onChange(change: StatusChange): void
  /** The connection was lost and is back: changes in between were not told. */
  onGap(): void
}

/** Hear of every change of status, on one connection of its own that comes back by itself. Gives the way to stop. */
export function listenToStatus(listener: StatusListener): () => void {
  let isStopped = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let wasLost = false

  const lose = (lost: pg.Client, cause?: unknown) => {
    if (client !== lost) return
    client = undefined
    clearTimeout(timer)
    lost.removeAllListeners()
    lost.on('error', () => undefined) // it is given up: its last words change nothing
    lost.end().catch(() => undefined)
    if (isStopped) return
    wasLost = true
    logger('status').warn({ err: cause }, 'The connection that hears of changes was lost; trying again')
    timer = setTimeout(() => void connect(), RECONNECT_MS)
    timer.unref()
  }

  const probe = (probed: pg.Client) => {
    timer = setTimeout(() => {
      probed.query('select 1').then(() => client === probed && probe(probed), (error) => lose(probed, error))
    }, PROBE_MS)
    timer.unref()
  }

  const connect = async () => {
    if (isStopped) return
    const next = new pg.Client({ connectionString: databaseUrl(), application_name: 'tributary status', keepAlive: true, query_timeout: PROBE_MS, connectionTimeoutMillis: PROBE_MS })
    client = next
    next.on('error', (error) => lose(next, error))
    next.on('end', () => lose(next))
    next.on('notification', ({ payload }) => {
      const change = readChange(payload)
      if (change) listener.onChange(change)
    })
    try {
      await next.connect()
      await next.query(`LISTEN ${CHANNEL}`)
      probe(next)
      if (wasLost) listener.onGap()
      wasLost = false
    } catch (error) {
      lose(next, error)
    }
  }

  void connect()
  return () => {
    isStopped = true
    if (client) lose(client)
  }
}

/** Others may notify on the same channel of a shared database: what isn't ours is left alone. */
function readChange(payload: string | undefined): StatusChange | undefined {
  try {
    return Change.safeParse(JSON.parse(payload ?? '')).data
  } catch {
    return undefined
  }
}
