import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { BytesBatch, Division, DivisionRequest, JoinedReader, ReadRequest, SourceSnapshot, Summary, SummaryRequest } from '../contract'
import { beginJoined, beginSnapshot, type FloorKey, type SnapshotBegun } from './begin-snapshot'
import type { PostgresConfig } from './config'
import { connectPostgres, type Session } from './connect'
import { copyRows, type Lent } from './copy-rows'
import { divide } from './divide'
import { queryError } from './postgres-error'
import { refuseIfScarce } from './spare-connections'
import { summarise } from './summarise'

/** So often the session that holds a snapshot shows that it is alive, well before the server would end it for being idle. */
const PULSE_SECONDS = limits.sourceIdleSeconds / 5

/**
 * One moment of a database, held by a session in a REPEATABLE READ transaction. Whoever asks something of it uses that very session when it is free,
 * so that a sync needs no more connections than before, and joins in a session of its own otherwise.
 */
export async function openPostgresSnapshot(config: PostgresConfig, signal: AbortSignal, key?: FloorKey, pulseSeconds = PULSE_SECONDS): Promise<PostgresSnapshot> {
  const holder = await connectPostgres(config, signal)
  const onAbort = () => void holder.abandon()
  signal.addEventListener('abort', onAbort)
  try {
    return new PostgresSnapshot(config, signal, holder, await beginSnapshot(holder.client, signal, key), pulseSeconds)
  } catch (error) {
    await holder.abandon()
    throw queryError(error, config, signal, 'Beginning to read')
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

export class PostgresSnapshot implements SourceSnapshot {
  readonly horizon: SnapshotBegun['horizon']
  private isHolderFree = true
  private isClosed = false
  private readonly joined = new Set<Session>()
  private readonly pulse: NodeJS.Timeout
  private beat: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly config: PostgresConfig,
    private readonly signal: AbortSignal,
    private readonly holder: Session,
    private readonly begun: SnapshotBegun,
    pulseSeconds: number,
  ) {
    this.horizon = begun.horizon
    signal.addEventListener('abort', this.onAbort)
    this.pulse = setInterval(this.showLife, pulseSeconds * 1000)
    this.pulse.unref()
    if (signal.aborted) this.onAbort()
  }

  read(request: ReadRequest): AsyncGenerator<BytesBatch> {
    return copyRows(this.config, request, () => this.borrow(), this.signal)
  }

  async summarise(request: SummaryRequest): Promise<Summary> {
    const { session, giveBack } = await this.borrow()
    let isIntact = false
    try {
      const before = session.socket.bytesRead
      const ranges = await summarise(session.client, request)
      isIntact = true
      return { ranges, bytes: session.socket.bytesRead - before }
    } catch (error) {
      throw queryError(session.causeOf(error), this.config, this.signal, `Comparing ${request.location.table ?? 'the table'}`)
    } finally {
      await giveBack(isIntact)
    }
  }

  async divide(request: DivisionRequest): Promise<Division | string | null> {
    const { session, giveBack } = await this.borrow()
    let isIntact = false
    try {
      const division = await divide(session.client, request)
      isIntact = true
      return division
    } catch (error) {
      throw queryError(session.causeOf(error), this.config, this.signal, `Looking at the pages of ${request.location.table ?? 'the table'}`)
    } finally {
      await giveBack(isIntact)
    }
  }

  async join(given: AbortSignal): Promise<JoinedReader> {
    // a pooler that has no session to spare has us wait instead of saying so
    const { session, giveBack } = await this.joinIn(AbortSignal.any([this.signal, given, AbortSignal.timeout(limits.parallel.joinSeconds * 1000)]), (client) => refuseIfScarce(client))
    let isIntact = true
    let closed: Promise<void> | undefined
    const close = () => (closed ??= giveBack(isIntact))
    const giveBackRead = async (isStillIntact: boolean) => {
      isIntact = isStillIntact
      if (!isIntact) await close()
    }
    const lend = async (): Promise<Lent> => {
      isIntact = false
      return { session, giveBack: giveBackRead }
    }
    return { read: (request) => copyRows(this.config, request, lend, this.signal, limits.parallel.rowBytes), close }
  }

  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    clearInterval(this.pulse)
    this.signal.removeEventListener('abort', this.onAbort)
    await Promise.all([...this.joined].map((session) => session.abandon()))
    await (this.isHolderFree && !this.signal.aborted ? this.holder.close() : this.holder.abandon())
  }

  /** A session that sees the snapshot. One that is given back broken is dropped; when it was the holder, nobody can join any more. */
  private async borrow(): Promise<Lent> {
    if (!this.isHolderFree) return this.joinIn(this.signal)
    this.isHolderFree = false
    await this.beat
    const giveBack = async (isIntact: boolean) => {
      if (isIntact) this.isHolderFree = true
      else await this.holder.abandon()
    }
    return { session: this.holder, giveBack }
  }

  private async joinIn(signal: AbortSignal, look?: (client: Session['client']) => Promise<void>): Promise<Lent> {
    const { config, begun: { named } } = this
    if (named === null) throw cannotShare('The server does not give its snapshot a name (pg_export_snapshot)')
    const session = await connectPostgres(config, signal)
    this.joined.add(session)
    const giveBack = async (isIntact: boolean) => {
      this.joined.delete(session)
      await (isIntact ? session.close() : session.abandon())
    }
    const onAbort = () => void session.abandon()
    signal.addEventListener('abort', onAbort)
    try {
      // who closes the snapshot from now on finds this session among those that joined
      if (this.isClosed) throw cannotShare('The snapshot was closed meanwhile')
      await look?.(session.client)
      if (!(await beginJoined(session.client, named))) throw cannotShare('A second session sees another moment')
      return { session, giveBack }
    } catch (error) {
      await giveBack(false)
      // 22023, and 42704 since PostgreSQL 17: there is no such snapshot
      throw ['22023', '42704'].includes((error as { code?: string }).code ?? '') ? cannotShare('A second session found no trace of the snapshot', error) : queryError(error, config, signal, 'Joining the snapshot')
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  private readonly onAbort = (): void => {
    void this.holder.abandon()
    for (const session of this.joined) void session.abandon()
  }

  /** What goes wrong here shows at the next use of the session. */
  private readonly showLife = (): void => {
    if (this.isHolderFree) this.beat = this.holder.client.query('SELECT 1').catch(() => undefined)
  }
}

function cannotShare(detail: string, cause?: unknown): AppError {
  const advice = 'Use the direct address of one server: a pooler or balancer that spreads sessions over several servers cannot show one moment to two of them'
  return new AppError('source', { title: 'Two sessions cannot see the same moment of the database', detail, advice }, { isRetryable: true, cause })
}
