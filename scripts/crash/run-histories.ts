import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { mkdirSync } from 'node:fs'
import { AppError } from '@/lib/core/errors'
import { createDatabase } from '@/lib/db/open-database'
import { startCarelessPostgres } from '../careless-postgres'
import { bundle } from './bundle'
import type { LaneAnswer, LaneOrder } from './lane'
import type { Outcome } from './tally'

/** One that says nothing for so long hangs; then it is asked where it is. */
const PATIENCE_MS = { history: 300_000, where: 10_000 }

export interface Histories {
  /** Gives seeds until there are no more. */
  seeds: Iterator<number, undefined>
  lanes: number
  told(outcome: Outcome): void
  signal: AbortSignal
}

/** Runs histories in lanes, each with everything of its own but the server of the source. Gives in words what could not be made to happen. */
export async function runHistories(folder: string, { seeds, lanes, told, signal }: Histories): Promise<string[]> {
  const command = await bundle(folder)
  const customers = path.join(folder, 'customers')
  mkdirSync(customers, { recursive: true })
  // what the source has must not survive anything
  const server = await startCarelessPostgres(customers, ['synchronous_commit'])
  const opened: Lane[] = []
  try {
    for (let number = 0; number < lanes; number++) {
      await createDatabase(server.urlFor('postgres'), `customer_${number}`)
      opened.push(new Lane(command))
    }
    const ready = await Promise.all(opened.map((lane, number) => lane.ask({ is: 'open', folder: path.join(folder, `lane-${number}`), sourceUrl: server.urlFor(`customer_${number}`), command })))
    await Promise.all(opened.map(async (lane) => {
      for (let next = seeds.next(); !next.done && !signal.aborted; next = seeds.next()) {
        const answer = await lane.ask({ is: 'history', seed: next.value })
        if (answer.is === 'outcome') told(answer.outcome)
      }
    }))
    await Promise.all(opened.map((lane) => lane.ask({ is: 'close' })))
    return ready.some((answer) => answer.is === 'open' && !answer.canBeFull) ? ['No disk was full: only root may make small ones, on Linux'] : []
  } finally {
    for (const lane of opened) lane.end()
    await server.release()
  }
}

class Lane {
  private readonly child: ChildProcess

  constructor([program = '', start = '', ...args]: string[]) {
    this.child = fork(start, [...args, 'lane'], { execPath: program, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  async ask(order: LaneOrder): Promise<LaneAnswer> {
    const said = await this.answerTo(order, PATIENCE_MS.history)
    if (said) return said
    const where = await this.answerTo({ is: 'where' }, PATIENCE_MS.where)
    const last = where?.is === 'where' ? `It came as far as this:\n${where.steps.join('\n')}` : 'It does not even say where it is'
    throw new AppError('internal', { title: `A lane of the rig hangs${order.is === 'history' ? ` in the history of seed ${order.seed}` : ''}`, detail: last })
  }

  /** Null when it says nothing for so long. */
  private async answerTo(order: LaneOrder, withinMs: number): Promise<LaneAnswer | null> {
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(withinMs)])
    const answer = once(this.child, 'message', { signal })
    const exit = once(this.child, 'exit', { signal }).then(([code]) => {
      throw new Error(`A lane ended with ${String(code)}`)
    })
    exit.catch(() => {}) // heard of below, or too late to matter
    this.child.send(order)
    try {
      const [said] = (await Promise.race([answer, exit])) as [LaneAnswer] // what runLane sends
      if (said.is === 'failed') throw new AppError('internal', { title: 'A lane of the rig failed', detail: said.words })
      return said
    } catch (error) {
      if (signal.aborted) return null
      throw error
    } finally {
      over.abort()
    }
  }

  end(): void {
    this.child.kill('SIGKILL')
  }
}
