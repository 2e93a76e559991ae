import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** psql of this machine; the bench is a race against it, so without it there is nothing to compare with. */
export function findPsql(): string | undefined {
  const folders = (process.env.PATH ?? '').split(':')
  return folders.map((folder) => `${folder}/psql`).find((file) => existsSync(file))
}

/** Seconds that `psql -c "copy … to stdout (format csv)" > /dev/null` takes: the source's own limit. `what`: a table, or a query in brackets. */
export async function psqlSeconds(psql: string, url: string, what: string): Promise<number> {
  const began = performance.now()
  await run('sh', ['-c', '"$0" -X -q -c "copy $1 to stdout (format csv)" > /dev/null', psql, what], { env: { ...process.env, ...connectionEnvironment(url) } })
  return (performance.now() - began) / 1000
}

function connectionEnvironment(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url)
  return { PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: decodeURIComponent(password), PGDATABASE: decodeURIComponent(pathname.slice(1)) }
}

/** Wait until the disk has what was written: nobody pays for what another wrote before. */
export async function settleDisk(): Promise<void> {
  await run('sync', [])
}
