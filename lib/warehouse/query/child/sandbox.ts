import { DuckDBInstance, DuckDBTimestampTZValue, type DuckDBConnection } from '@duckdb/node-api'
import '../../keep-marks.mjs'
import type { SandboxSetup } from '../messages'

/** Where this process may spill to: relative to its own folder, so that no path of the machine is ever shown. */
const SPILL_FOLDER = 'spill'

const READ_BACK = `
  SELECT current_setting('enable_external_access'), current_setting('lock_configuration'), current_setting('autoinstall_known_extensions'),
    current_setting('autoload_known_extensions'), len(current_setting('allowed_directories')), len(current_setting('allowed_paths'))`

export interface Sandbox {
  connection: DuckDBConnection
  /** Nobody waits for the result any more. */
  isCancelled: boolean
}

export interface SandboxLimits {
  memoryBytes: number
  spillBytes: number
  threads: number
}

/** A fresh engine in memory, with every limit set. Nothing is locked yet: `lockSandbox` does that before people's SQL. */
export async function openSandbox(): Promise<Sandbox> {
  // times with a zone are shown in UTC, whatever the machine's zone
  DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0
  const limits = limitsFromArguments()
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryBytes}B`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_persistent_secrets: 'false',
    allow_unredacted_secrets: 'false',
  })
  const connection = await instance.connect()
  const settings = [
    'errors_as_json=true',
    `temp_directory='${SPILL_FOLDER}'`,
    `max_temp_directory_size='${limits.spillBytes}B'`,
    // the defaults point into a home folder that is none of a query's business
    "home_directory='none'",
    "extension_directory='none'",
    "secret_directory='none'",
    // a view is bound when it is made and again by the query: one read of the file's footer serves both
    'parquet_metadata_cache=true',
    "TimeZone='UTC'",
  ]
  for (const setting of settings) await connection.run(`SET ${setting}`)
  // what every query needs is done once while nobody waits: the first call of each costs some milliseconds
  await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', ['SELECT count(*) FROM x'])
  await connection.runAndReadAll(READ_BACK)
  const extracted = await connection.extractStatements('SELECT 1 AS one')
  const result = await (await extracted.prepare(0)).stream()
  await result.fetchAllChunks()
  return { connection, isCancelled: false }
}

/**
 * Make the tables, then take everything else away for good: only the given files can be opened, no setting can be
 * changed. Reads the settings back, since a lock that was not closed must not be believed in.
 */
export async function lockSandbox({ connection }: Sandbox, setup: SandboxSetup): Promise<void> {
  for (const definition of setup.definitions) await connection.run(definition)
  const paths = setup.allowedPaths.map((file) => `'${file.replaceAll("'", "''")}'`).join(', ')
  await connection.run(`SET allowed_paths=[${paths}]`)
  await connection.run('SET enable_external_access=false')
  await connection.run('SET lock_configuration=true')
  const reader = await connection.runAndReadAll(READ_BACK)
  const [access, isLocked, installs, loads, folders, files] = reader.getRowsJson()[0] ?? []
  // the one allowed folder is the engine's own spill folder
  const isClosed = access === false && isLocked === true && installs === false && loads === false && Number(folders) <= 1 && Number(files) <= setup.allowedPaths.length
  if (!isClosed) throw new Error('The sandbox could not be closed')
}

function limitsFromArguments(): SandboxLimits {
  const [memoryBytes, spillBytes, threads] = process.argv.slice(2).map(Number)
  if (!memoryBytes || !spillBytes || !threads) throw new Error('The query process was started without its limits')
  return { memoryBytes, spillBytes, threads }
}
