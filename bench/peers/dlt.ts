import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import type { Contender } from './contender'
import { runTree } from './process-tree'
import { peerEnvironment, pythonRoom } from './python-room'

const VERSION = '1.31.0'

export async function findDlt(): Promise<Contender> {
  const room = await pythonRoom('dlt', [`dlt[duckdb,parquet,sql-database]==${VERSION}`, 'psycopg2-binary==2.9.13', 'duckdb==1.5.5', 'pyarrow==26.0.1'])
  return {
    name: 'dlt',
    version: VERSION,
    way: 'sql_table, pyarrow backend, 100,000 rows a chunk, Parquet into DuckDB',
    async enter({ url, table }, folder) {
      const file = path.join(folder, 'dlt.duckdb')
      const env = peerEnvironment(folder, { DLT_DATA_DIR: path.join(folder, 'dlt'), RUNTIME__DLTHUB_TELEMETRY: 'false', RUNTIME__LOG_LEVEL: 'ERROR' })
      const script = path.join(projectFolder(), 'bench', 'peers', 'dlt-peer.py')
      const run = (mode: string) => runTree({ program: path.join(room, 'bin', 'python'), args: [script, mode, url, table, file], env, cwd: folder })
      return { load: () => run('load'), merge: () => run('merge'), written: async () => ({ attach: file, from: `peer.main_rows.${table}` }) }
    },
  }
}
