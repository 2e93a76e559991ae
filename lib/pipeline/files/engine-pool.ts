import { limits } from '@/lib/core/limits'
import { isOutOfMemory, type Engine } from '@/lib/warehouse/duckdb'
import { EngineDied } from '@/lib/warehouse/file-engine/engine-died'
import { openFileEngines, type FileEngines } from '@/lib/warehouse/file-engine/file-engines'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'

/**
 * Lends engines to the files that are staged at once. When the process of the engines dies, or their memory does not do for all, each statement that was under way is done again
 * alone: the one that ends it again is the one whose file is to blame, and that file is refused in words.
 */
export class EnginePool {
  private readonly free: Engine[]
  private readonly waiting: (() => void)[] = []
  private readonly size: number

  constructor(engines: Engine[]) {
    this.free = [...engines]
    this.size = engines.length
  }

  /** Do work that reads one file (or a group of them, under the name of the first). */
  async use<T>(address: string, work: (engine: Engine) => Promise<T>): Promise<T> {
    try {
      return await this.withEngines(1, work)
    } catch (error) {
      // those that read at once share the engine's memory, too
      if (!(error instanceof EngineDied) && !isOutOfMemory(error)) throw error
    }
    return this.withEngines(this.size, work).catch((error: unknown) => {
      throw error instanceof EngineDied ? blame(address, error) : error
    })
  }

  /** An engine that is only taken while it runs something: most of what looks at a file needs none. */
  engineFor(address: string): Engine {
    return {
      run: (sql) => this.use(address, (engine) => engine.run(sql)),
      rows: (sql) => this.use(address, (engine) => engine.rows(sql)),
      close: async () => undefined,
    }
  }

  private async withEngines<T>(count: number, work: (engine: Engine) => Promise<T>): Promise<T> {
    while (this.free.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve))
    const taken = this.free.splice(0, count)
    const [engine] = taken
    try {
      if (!engine) throw new Error('a pool needs an engine')
      return await work(engine)
    } finally {
      this.free.push(...taken)
      for (const wake of this.waiting.splice(0)) wake()
    }
  }
}

function blame(address: string, { reason }: EngineDied): FileProblem {
  return reason === 'memory'
    ? new FileProblem(`${address} needs more memory than a file may use`, 'The process that reads files was ended when it read this one alone', 'Write it in smaller row groups or with smaller values, then sync again')
    : new FileProblem(`${address} cannot be read`, 'The process that reads files came to an end over it, twice', 'Check the file with the tool that wrote it; it is most likely damaged')
}

/** A pool that starts its process when it is first asked for: a bucket that did not change needs none. */
export function lazyPool(signal: AbortSignal): { open(): Promise<EnginePool>; close(): Promise<void> } {
  let engines: Promise<FileEngines> | undefined
  let pool: Promise<EnginePool> | undefined
  return {
    open() {
      engines ??= openFileEngines(limits.files.enginesAtOnce, signal)
      pool ??= engines.then((opened) => new EnginePool(opened.engines))
      return pool
    },
    async close() {
      await engines?.then((opened) => opened.close(), () => undefined)
    },
  }
}
