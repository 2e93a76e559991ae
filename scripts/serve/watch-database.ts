import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startEmbeddedPostgres } from '@/lib/db/embedded/server'

const LONGEST_PAUSE_MS = 30_000

/**
 * Notice at once when the embedded PostgreSQL dies, and start it again; on the same port whenever that is free, else
 * `onMoved` gets the new connection string. Gives the function that ends the watch.
 */
export function watchDatabase(url: string, say: (words: string) => void, onMoved: (url: string) => Promise<void>): () => Promise<void> {
  const ending = new AbortController()
  let client: pg.Client
  let current = url

  const watch = async () => {
    client = new pg.Client({ connectionString: current, application_name: 'tributary watch' })
    client.on('error', () => {}) // followed by "end"
    client.once('end', () => void restart())
    await client.connect()
  }
  const restart = async () => {
    for (let pauseMs = 500; !ending.signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      say('The database ended unexpectedly; starting it again')
      try {
        const server = await startEmbeddedPostgres()
        const moved = server.urlFor(new URL(current).pathname.slice(1))
        if (moved !== current) await onMoved((current = moved))
        return await watch()
      } catch (error) {
        say(`The database could not be started: ${error instanceof Error ? error.message : String(error)}`)
        await wait(pauseMs, undefined, { signal: ending.signal }).catch(() => {})
      }
    }
  }
  void watch().catch(restart)
  return async () => {
    ending.abort()
    client.removeAllListeners('end')
    await client.end().catch(() => {})
  }
}
