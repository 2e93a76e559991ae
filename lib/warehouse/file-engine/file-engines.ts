import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Json } from '@duckdb/node-api'
import { limits } from '@/lib/core/limits'
import { engineOptions, throwIfAborted, toEngineError, type Engine } from '../duckdb'
import { scratchFolder } from '../scratch'
import { WatchedProcess } from '../watched-process'
import { EngineDied } from './engine-died'
import { EngineReply, type EngineRequest, type EngineStart } from './messages'

const HEAP_MB = 256
/** How long an interrupted engine has to come to an end by itself. */
const GRACE_MS = 2_000

export interface FileEngines {
  /** Each runs one statement at a time; together they work at once. Closing one does nothing. */
  engines: Engine[]
  /** End the process, and remove what it spilled. */
  close(): Promise<void>
}

export interface FileEngineOptions {
  /** What the process may hold, all in all. */
  ceilingBytes?: number
}

/**
 * Engines for files of strangers, in one process of their own that keeps the order of rows. A process that dies rejects what was under way with
 * EngineDied; the next statement starts another, which knows nothing of the former one's settings and temporary tables.
 */
export async function openFileEngines(count: number, signal: AbortSignal, options: FileEngineOptions = {}): Promise<FileEngines> {
  throwIfAborted(signal)
  await mkdir(scratchFolder(), { recursive: true, mode: 0o700 })
  const host = new EngineHost(count, options.ceilingBytes ?? limits.fileEngineCeilingBytes)
  const stop = (): void => host.interrupt()
  signal.addEventListener('abort', stop)
  const close = async (): Promise<void> => {
    signal.removeEventListener('abort', stop)
    await host.close()
  }
  try {
    await host.warmUp()
    throwIfAborted(signal)
  } catch (error) {
    await close()
    throwIfAborted(signal)
    throw error
  }
  return { engines: Array.from({ length: count }, (_, connection) => engineOf(host, connection, signal)), close }
}

function engineOf(host: EngineHost, connection: number, signal: AbortSignal): Engine {
  const attempt = async (kind: 'run' | 'rows', sql: string): Promise<Answer> => {
    throwIfAborted(signal)
    try {
      return await host.ask(kind, connection, sql)
    } catch (error) {
      throwIfAborted(signal)
      throw toEngineError(error)
    }
  }
  return {
    run: async (sql) => (await attempt('run', sql)).written,
    rows: async (sql) => (await attempt('rows', sql)).rows,
    close: async () => {},
  }
}

interface Answer {
  written: number
  rows: Json[][]
}

interface Asked {
  connection: number
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** One process at a time, and what it was asked. */
class EngineHost {
  private current: EngineProcess | undefined
  private isClosed = false

  constructor(
    private readonly connections: number,
    private readonly ceilingBytes: number,
  ) {}

  async warmUp(): Promise<void> {
    await this.process().ready
  }

  async ask(kind: 'run' | 'rows', connection: number, sql: string): Promise<Answer> {
    const process = this.process()
    await process.ready
    return process.ask(kind, connection, sql)
  }

  interrupt(): void {
    this.current?.interrupt()
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.current?.close()
  }

  private process(): EngineProcess {
    if (this.isClosed) throw new Error('The engines are closed')
    if (!this.current?.isUsable) this.current = new EngineProcess(this.connections, this.ceilingBytes)
    return this.current
  }
}

class EngineProcess {
  readonly ready: Promise<void>
  private readonly child: WatchedProcess
  private readonly spillFolder: string
  private readonly asked = new Map<number, Asked>()
  private readonly gone: Promise<void>
  private lastId = 0
  private isBroken = false
  private brokenBy: unknown
  private killer: NodeJS.Timeout | undefined
  private onReady: (() => void) | undefined

  constructor(connections: number, ceilingBytes: number) {
    this.spillFolder = path.join(scratchFolder(), `duckdb-${process.pid}-${randomUUID().slice(0, 8)}`)
    const start: EngineStart = { connections, spillFolder: this.spillFolder, options: { ...engineOptions(this.spillFolder, 'kept'), threads: '1', memory_limit: `${limits.fileEngineMemoryBytes}B` } }
    const environment = { UV_THREADPOOL_SIZE: String(connections + 2) }
    this.child = new WatchedProcess({ program: 'lib/warehouse/file-engine/child.mjs', arguments: [JSON.stringify(start)], folder: scratchFolder(), heapMb: HEAP_MB, ceilingBytes, environment }, (message) => this.hear(message))
    this.child.beginWork()
    this.ready = new Promise((resolve, reject) => {
      this.onReady = resolve
      void this.child.ended.then(() => reject(this.died(0, false)))
    })
    // whoever waits for it is told
    this.ready.catch(() => {})
    this.gone = this.child.ended.then(() => this.bury())
  }

  get isUsable(): boolean {
    return this.child.isAlive && !this.isBroken && this.child.endReason === undefined
  }

  ask(kind: 'run' | 'rows', connection: number, sql: string): Promise<Answer> {
    if (!this.child.isAlive) throw this.died(connection, false)
    return new Promise((resolve, reject) => {
      const id = ++this.lastId
      this.asked.set(id, { connection, resolve, reject })
      this.child.tell({ kind, id, connection, sql } satisfies EngineRequest)
    })
  }

  interrupt(): void {
    this.child.tell({ kind: 'interrupt' } satisfies EngineRequest)
    this.killer ??= setTimeout(() => this.child.kill('cancelled'), GRACE_MS)
  }

  async close(): Promise<void> {
    this.child.kill('done')
    await this.gone
  }

  private hear(message: unknown): void {
    const read = EngineReply.safeParse(message)
    if (!read.success) return this.breakDown(read.error)
    const reply = read.data
    if (reply.kind === 'ready') return this.onReady?.()
    const asked = this.asked.get(reply.id)
    if (!asked) return this.breakDown(new Error('The engine answered what it was not asked'))
    // an engine that found itself inconsistent refuses everything from then on
    if (reply.kind === 'failed' && /^(FATAL|INTERNAL) Error/.test(reply.message)) return this.breakDown(new Error(reply.message))
    this.asked.delete(reply.id)
    if (reply.kind === 'failed') asked.reject(new Error(reply.message))
    else asked.resolve({ written: reply.kind === 'done' ? reply.written : 0, rows: reply.kind === 'rows' ? reply.rows : [] })
  }

  /** It cannot be trusted any more. */
  private breakDown(error: unknown): void {
    this.isBroken = true
    this.brokenBy = error
    this.child.kill('done')
  }

  private async bury(): Promise<void> {
    clearTimeout(this.killer)
    const hadCompany = this.asked.size > 1
    for (const { connection, reject } of this.asked.values()) reject(this.died(connection, hadCompany))
    this.asked.clear()
    await rm(this.spillFolder, { recursive: true, force: true, maxRetries: 3 })
  }

  private died(connection: number, hadCompany: boolean): EngineDied {
    const isMemory = this.child.endReason === 'memory' || /heap out of memory/i.test(this.child.complaint)
    return new EngineDied(connection, hadCompany, isMemory ? 'memory' : 'crash', this.brokenBy ?? new Error(this.child.complaint))
  }
}
