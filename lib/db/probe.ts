import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { databaseUrl } from './client'

const LINGER_MS = 1_000

/**
 * Ask our own database on a connection of its own, which is cut when the time is over, whatever it waits for: a pool whose connections
 * all hang tells nothing, and one that leads nowhere would be waited for for minutes.
 */
export async function probe<T>(withinMs: number, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl(), application_name: 'tributary probe', connectionTimeoutMillis: withinMs })
  client.on('error', () => {}) // whoever waits for an answer hears of it
  const cut = () => client.connection.stream.destroy()
  const deadline = setTimeout(cut, withinMs)
  try {
    await client.connect()
    return await ask(client)
  } finally {
    clearTimeout(deadline)
    // a farewell that is never answered must not hold a socket
    void Promise.race([client.end().catch(() => {}), wait(LINGER_MS, undefined, { ref: false })]).then(cut)
  }
}
