import type { TLSSocket } from 'node:tls'
import { AppError, toErrorView, type ErrorView } from '@/lib/core/errors'
import type { CheckStep, DiscoveredSchema } from '../contract'
import { resolveAllowedAll } from '../egress'
import { SESSION } from './catalogue-sql'
import type { PostgresConfig } from './config'
import { openPlain, secureChannel, signIn, type Channel, type Session } from './connect'
import { readCatalogue } from './discover-postgres'
import { isNoDatabaseOfPooler } from './pooler-error'
import { queryError } from './postgres-error'
import { quoteName } from './sql-text'
import { beginReadOnly } from './transaction'

const CHECK_SECONDS = 60
/** The first version with everything that the catalogue queries ask for; older ones get no repairs any more. */
const OLDEST_VERSION = 100_000
const NAMED_TABLES = 5
const REPLICA_WORDS = 'A replica tells of a transaction of its primary only once it has written: what one that began before commits late is found within the look-back'

/** Check from the outside in; the first failed step is the last. */
export async function* checkPostgres(config: PostgresConfig, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const progress: Progress = { id: 'address', label: 'Address found' }
  let session: Session | undefined
  let channel: Channel | undefined
  const onAbort = () => void session?.abandon()
  signal.addEventListener('abort', onAbort)
  try {
    const addresses = await resolveAllowedAll(config.host)
    yield ok(progress, addresses.map(({ address }) => address).join(', '))

    step(progress, 'port', 'Port open')
    channel = await openPlain(config, addresses, signal)
    yield ok(progress, `${config.host}:${config.port}`)

    step(progress, 'tls', 'Encrypted')
    channel = await secureChannel(config, channel, signal)
    yield encryption(config, channel)

    step(progress, 'sign-in', 'Signed in')
    session = await signIn(config, channel, signal)
    yield* insideSession(config, session, signal, progress)
  } catch (error) {
    yield* failedSteps(progress, config, queryError(error, config, signal, 'The check'))
  } finally {
    signal.removeEventListener('abort', onAbort)
    channel?.socket.destroy()
    await session?.close()
  }
}

interface Progress {
  id: string
  label: string
}

function step(progress: Progress, id: string, label: string): void {
  Object.assign(progress, { id, label })
}

function ok({ id, label }: Progress, detail: string): CheckStep {
  return { id, label, status: 'ok', detail }
}

function failed({ id, label }: Progress, error: ErrorView): CheckStep {
  return { id, label, status: 'failed', detail: error.title, error }
}

/** The server tells of a missing database only after it has accepted the password: that much has passed. A pooler tells before. */
function* failedSteps(progress: Progress, config: PostgresConfig, error: AppError): Generator<CheckStep> {
  const isDatabase = progress.id === 'sign-in' && error.code === 'no_such_database' && !isNoDatabaseOfPooler(error.cause)
  const isConnect = progress.id === 'sign-in' && error.code === 'permission' && /^GRANT CONNECT|^Run: GRANT CONNECT/.test(error.advice ?? '')
  if (isDatabase || isConnect) {
    yield ok(progress, `as ${config.user}`)
    step(progress, 'database', 'Database open')
  }
  yield failed(progress, toErrorView(error))
}

function encryption(config: PostgresConfig, { socket, isEncrypted }: Channel): CheckStep {
  const at = { id: 'tls', label: 'Encrypted' }
  if (!isEncrypted) {
    const detail = config.sslmode === 'disable' ? 'sslmode is disable' : 'The server does not offer TLS'
    return { id: 'tls', label: 'Not encrypted', status: 'warning', detail }
  }
  const protocol = (socket as TLSSocket).getProtocol()
  return ok(at, [protocol, config.sslmode === 'verify-full' ? 'certificate and host name verified' : 'certificate not verified'].filter(Boolean).join(', '))
}

interface ServerRow {
  version: number
  versionText: string
  encoding: string
  isReplica: boolean
}

async function* insideSession(config: PostgresConfig, session: Session, signal: AbortSignal, progress: Progress): AsyncGenerator<CheckStep> {
  const { client } = session
  const { rows: versions } = await client.query<{ version: number; text: string; pid: number }>(`SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS text, pg_backend_pid() AS pid`)
  const server = versions[0]
  yield ok(progress, `as ${config.user}`)

  step(progress, 'database', 'Database open')
  if (!server || server.version < OLDEST_VERSION) {
    yield failed(progress, { code: 'source', title: 'This version of PostgreSQL is too old', detail: `The server is version ${server?.text ?? 'unknown'}`, advice: 'PostgreSQL 10 or newer is needed', isRetryable: false })
    return
  }
  await beginReadOnly(client, CHECK_SECONDS)
  const about = (await client.query<ServerRow>(SESSION)).rows[0]
  // A pooler answers with a process number of its own.
  const isPooled = (client as unknown as { processID: number | null }).processID !== server.pid // not in the published types
  yield ok(progress, [`${config.database}, PostgreSQL ${server.text.split(' ')[0]}`, about?.isReplica && 'a replica', isPooled && 'through a connection pooler'].filter(Boolean).join(', '))

  if (about?.isReplica) yield { id: 'late-commits', label: 'Late commits', status: 'warning', detail: REPLICA_WORDS }
  if (config.schema) {
    step(progress, 'schema', 'Schema found')
    yield await checkSchema(config, session, progress)
  }
  step(progress, 'tables', 'Tables readable')
  yield tableStep(config, await readCatalogue(client, config), progress)
}

async function checkSchema(config: PostgresConfig, { client }: Session, progress: Progress): Promise<CheckStep> {
  const { rows } = await client.query<{ name: string; may: boolean }>(
    `SELECT nspname::text AS name, has_schema_privilege(oid, 'USAGE') AS may FROM pg_catalog.pg_namespace WHERE lower(trim(nspname::text)) = lower(trim($1::text))`,
    [config.schema],
  )
  const found = rows.find(({ name }) => name === config.schema)
  if (!found) {
    const near = rows[0]?.name
    throw new AppError('not_found', {
      title: `There is no schema named ${config.schema}`,
      detail: near === undefined ? `The database ${config.database} does not have it` : `The database ${config.database} has ${near}`,
      advice: near === undefined ? 'Check the spelling, or leave the field blank to see every schema' : `Enter ${near}: capitals matter`,
    })
  }
  if (found.may) return ok(progress, found.name)
  throw new AppError('permission', {
    title: `User ${config.user} may not use the schema ${found.name}`,
    detail: 'USAGE on it is missing',
    advice: `Run: GRANT USAGE ON SCHEMA ${quoteName(found.name)} TO ${quoteName(config.user)}`,
  })
}

function tableStep(config: PostgresConfig, schemas: DiscoveredSchema[], progress: Progress): CheckStep {
  const blocked = schemas.filter(({ problem }) => problem?.code === 'permission')
  const readable = schemas.filter(({ problem }) => !problem).length
  const names = blocked.slice(0, NAMED_TABLES).map(({ name }) => name)
  if (blocked.length > NAMED_TABLES) names.push(`${blocked.length - NAMED_TABLES} more`)
  const detail = `${count(readable, 'table')} readable${blocked.length ? `, ${blocked.length} not: ${names.join(', ')}` : ''}`
  if (schemas.length === 0) return { ...progress, status: 'warning', detail: config.schema ? `The schema ${config.schema} has no tables` : 'The database has no tables' }
  if (readable > 0) return { ...progress, status: blocked.length ? 'warning' : 'ok', detail, ...(blocked[0]?.problem && { error: blocked[0].problem }) }
  const problem = blocked[0]?.problem ?? schemas[0]?.problem
  return { ...progress, status: 'failed', detail, ...(problem && { error: grantAll(config, problem) }) }
}

/** Not one table can be read: the advice is to grant them all at once. */
function grantAll(config: PostgresConfig, problem: ErrorView): ErrorView {
  if (problem.code !== 'permission' || /ROLE/.test(problem.advice ?? '')) return problem
  const schema = quoteName(config.schema || 'public')
  const user = quoteName(config.user)
  return { ...problem, title: `User ${config.user} may not read any table`, advice: `Run: GRANT USAGE ON SCHEMA ${schema} TO ${user}; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${user}` }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
