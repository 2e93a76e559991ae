import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { Said, type Failure, type Order } from './orders'

/** Waiting with everything loaded, so that a process which dies costs no time. */
const WARM = 2
const READY_MS = 120_000

export type Ended = { is: 'died' } | { is: 'stopped' } | { is: 'done'; result: string } | { is: 'failed'; failure: Failure }

/** One process, with one order at a time. */
export class Hand {
  private readonly heard: Said[] = []
  private wake: () => void = () => undefined
  private isDead = false
  private errors = ''

  constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout! }).on('line', (line) => this.hear(Said.parse(JSON.parse(line)))) // spawned with a pipe
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors = (this.errors + text).slice(-4_000)))
    child.stdin?.on('error', () => {}) // its end is what counts
    child.once('exit', () => {
      this.isDead = true
      this.wake()
    })
  }

  async isReady(): Promise<void> {
    const said = await this.next(READY_MS)
    if (said?.is !== 'ready') throw new Error(`A process did not come up: ${this.errors || 'it said nothing'}`)
  }

  order(order: Order): void {
    this.child.stdin?.write(`${JSON.stringify(order)}\n`)
  }

  /** What becomes of the order; `stopped` when it is frozen at its point. Null: nothing was heard for so long. */
  async ended(withinMs: number, how: Order['how']): Promise<Ended | null> {
    const said = await this.next(withinMs)
    if (said?.is === 'stopped' && how === 'killed') return (await this.next(withinMs)) === null && this.isDead ? { is: 'died' } : null
    if (said === null) return this.isDead ? { is: 'died' } : null
    if (said.is === 'ready') throw new Error('A process came up twice')
    return said
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  get isAlive(): boolean {
    return !this.isDead
  }

  async kill(): Promise<void> {
    if (this.isDead) return
    const exit = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await exit
  }

  private hear(said: Said): void {
    this.heard.push(said)
    this.wake()
  }

  /** What it says next; null when it has died, or said nothing for so long. */
  private async next(withinMs: number): Promise<Said | null> {
    const deadlineMs = performance.now() + withinMs
    for (;;) {
      const said = this.heard.shift()
      if (said) return said
      const leftMs = deadlineMs - performance.now()
      if (this.isDead || leftMs <= 0) return null
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
}

/** Some that are ready; one that died is replaced before it is missed. */
export class Hands {
  private readonly waiting: Promise<Hand>[] = []
  private readonly all = new Set<Hand>()
  private isClosed = false

  constructor(private readonly command: string[]) {
    for (let number = 0; number < WARM; number++) this.waiting.push(this.start())
  }

  async take(): Promise<Hand> {
    // one that began while its database was away did not come up
    const hand = await (this.waiting.shift()?.catch(() => this.start()) ?? this.start())
    return hand.isAlive ? hand : this.take()
  }

  /** Back when it lives; else another one is made. */
  giveBack(hand: Hand): void {
    if (hand.isAlive) this.waiting.unshift(Promise.resolve(hand))
    else this.all.delete(hand)
    while (!this.isClosed && this.waiting.length < WARM) this.waiting.push(this.start())
  }

  async close(): Promise<void> {
    this.isClosed = true
    await Promise.allSettled(this.waiting)
    await Promise.all([...this.all].map((hand) => hand.kill()))
  }

  /** At once, also one that stands still. */
  killAll(): void {
    for (const hand of this.all) hand.signal('SIGKILL')
  }

  private start(): Promise<Hand> {
    const [program = '', ...args] = this.command
    const hand = new Hand(spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] }))
    this.all.add(hand)
    const ready = hand.isReady().then(() => hand)
    ready.catch(() => {}) // heard of by whoever takes it
    return ready
  }
}
