import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { withClient } from '../bench-table'
import type { Contender } from './contender'
import { runTree } from './process-tree'
import { peerEnvironment, peersFolder, pythonRoom } from './python-room'

/** Later ones fetch their program from elsewhere when they first run. */
const VERSION = '1.1.9'

export async function findIngestr(): Promise<Contender> {
  const room = await pythonRoom('ingestr', [`ingestr==${VERSION}`])
  const drivers = duckdbDriver()
  return {
    name: 'ingestr',
    version: VERSION,
    way: 'ingestr ingest, replace and then merge by key and incremental key, two readers by ranges of the key, into DuckDB',
    async enter({ url, table }, folder) {
      const file = path.join(folder, 'ingestr.duckdb')
      const env = peerEnvironment(folder, { ADBC_DRIVER_PATH: drivers, TELEMETRY_OPTOUT: 'true', DISABLE_TELEMETRY: 'true' })
      const run = (...strategy: string[]) =>
        runTree({ program: path.join(room, 'bin', 'ingestr'), args: ['ingest', '--yes', '--source-uri', `${url}?sslmode=disable`, '--source-table', `public.${table}`, '--dest-uri', `duckdb:///${file}`, '--dest-table', `main.${table}`, ...strategy], env, cwd: folder })
      let newest = ''
      return {
        async load() {
          newest = await newestOf(url, table)
          return run('--incremental-strategy', 'replace', '--extract-parallelism', '2', '--extract-partition-by', 'id')
        },
        // it keeps no cursor: whoever calls it says from when on
        merge: () => run('--incremental-strategy', 'merge', '--primary-key', 'id', '--incremental-key', 'updated_at', '--interval-start', newest),
        written: async () => ({ attach: file, from: `peer.main.${table}` }),
      }
    },
  }
}

/** It speaks to DuckDB through a driver that it would fetch; the engine that is here has the same entrance. */
function duckdbDriver(): string {
  const library = path.join(path.dirname(createRequire(import.meta.url).resolve('@duckdb/node-bindings-linux-x64/package.json')), 'libduckdb.so')
  const folder = path.join(peersFolder(), 'drivers')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'duckdb.toml'), `manifest_version = 1\nname = 'DuckDB'\nversion = '1.5.5'\n\n[Driver]\nentrypoint = 'duckdb_adbc_init'\n\n[Driver.shared]\nlinux_amd64 = '${library}'\n`)
  return folder
}

function newestOf(url: string, table: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ newest: string }>(`select to_char(max(updated_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as newest from ${table}`)
    return rows[0]?.newest ?? ''
  })
}
