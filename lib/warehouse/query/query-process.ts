import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'
import { newId } from '@/lib/core/ids'
import { limits } from '@/lib/core/limits'
import { WatchedProcess } from '../watched-process'
import { ChildReply, type ChildRequest } from './messages'

const MB = 1024 * 1024
const HEAP_MB = 384

export interface ProcessLimits {
  /** What the engine may hold by its own account; beyond it spills. */
  memoryBytes: number
  /** What the whole process may hold. */
  ceilingBytes: number
  spillBytes: number
  threads: number
}

const usualLimits: ProcessLimits = {
  memoryBytes: limits.queryMemoryBytes,
  ceilingBytes: limits.queryMemoryBytes + 512 * MB,
  spillBytes: limits.querySpillBytes,
  threads: limits.queryThreads,
}

/** One child process for one query, with a folder of its own. */
export class QueryProcess extends WatchedProcess {
  private readonly inbox: ChildReply[] = []
  private waiting: (() => void) | undefined

  constructor(given: ProcessLimits = usualLimits) {
    const folder = path.join(queryFolder(), `${process.pid}-${newId()}`)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const sandboxLimits = [given.memoryBytes, given.spillBytes, given.threads].map(String)
    super({ program: 'lib/warehouse/query/child.ts', arguments: sandboxLimits, folder, heapMb: HEAP_MB, ceilingBytes: given.ceilingBytes }, (message) => this.hear(message))
    // a spare process must not keep a command from ending
    this.rest()
    void this.ended.then(() => this.wake())
  }

  send(request: ChildRequest): void {
    // a process that is gone is noticed by `next`
    this.tell(request)
  }

  /** The next thing that the child says; undefined once it has ended. */
  async next(): Promise<ChildReply | undefined> {
    for (;;) {
      const reply = this.inbox.shift()
      if (reply) return reply
      if (!this.isAlive) return undefined
      await new Promise<void>((resolve) => {
        this.waiting = resolve
      })
    }
  }

  /** End the process, wait until it is gone, and remove its folder. */
  async close(): Promise<void> {
    this.kill('done')
    await this.ended
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }

  private hear(message: unknown): void {
    const reply = ChildReply.safeParse(message)
    if (reply.success) this.inbox.push(reply.data)
    else this.inbox.push({ kind: 'failed', failure: { type: 'Process', message: 'The query process said something unknown' } })
    this.wake()
  }

  private wake(): void {
    this.waiting?.()
    this.waiting = undefined
  }
}

/** Where the folders of query processes are: beside the warehouse, so that its files can be linked into them. */
export function queryFolder(): string {
  return path.join(dataFolder(), 'query')
}
