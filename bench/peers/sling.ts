import { chmodSync, copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Contender } from './contender'
import { runTree } from './process-tree'
import { peerEnvironment, pythonRoom } from './python-room'

/** Later ones fetch their program from elsewhere when they first run; this is the last whose package has it. */
const VERSION = '1.4.11'
const DUCKDB = '1.4.4'
/** It hands rows over as CSV by HTTP, for which its DuckDB would fetch these. */
const EXTENSIONS = ['json', 'httpfs']

export async function findSling(): Promise<Contender> {
  const room = await pythonRoom('sling', [`sling-linux-amd64==${VERSION}`, `duckdb-cli==${DUCKDB}`, ...EXTENSIONS.map((name) => `duckdb-extension-${name}==${DUCKDB}`)])
  const { stdout } = await runTree({ program: path.join(room, 'bin', 'python'), args: ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], env: peerEnvironment(room, {}) })
  const packages = stdout.trim()
  const program = path.join(packages, 'sling_linux_amd64', 'bin', 'sling-linux-amd64')
  const duckdb = path.join(room, 'bin', 'duckdb')
  chmodSync(duckdb, 0o755) // its package forgets that it is a program
  return {
    name: 'Sling',
    version: `${VERSION}, DuckDB ${DUCKDB}`,
    way: 'sling run, full-refresh and then incremental by key and update key, into DuckDB',
    isSlow: true,
    async enter({ url, table }, folder) {
      const file = path.join(folder, 'sling.duckdb')
      const extensions = path.join(folder, '.duckdb', 'extensions', `v${DUCKDB}`, 'linux_amd64')
      mkdirSync(extensions, { recursive: true })
      for (const name of EXTENSIONS) copyFileSync(path.join(packages, `duckdb_extension_${name}`, 'extensions', `v${DUCKDB}`, `${name}.duckdb_extension`), path.join(extensions, `${name}.duckdb_extension`))
      const env = peerEnvironment(folder, {
        SLING_HOME_DIR: path.join(folder, 'sling'),
        SLING_DISABLE_TELEMETRY: 'TRUE',
        DUCKDB_PATH: duckdb,
        SOURCE: `${url}?sslmode=disable`,
        TARGET: JSON.stringify({ type: 'duckdb', instance: file }),
      })
      const run = (...mode: string[]) => runTree({ program, args: ['run', '--src-conn', 'SOURCE', '--src-stream', `public.${table}`, '--tgt-conn', 'TARGET', '--tgt-object', `main.${table}`, '--mode', ...mode], env, cwd: folder })
      return {
        load: () => run('full-refresh'),
        merge: () => run('incremental', '--primary-key', 'id', '--update-key', 'updated_at'),
        written: async () => ({ attach: file, from: `peer.main.${table}` }),
      }
    },
  }
}
