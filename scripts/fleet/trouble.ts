import { setTimeout as wait } from 'node:timers/promises'
import type { Random } from '../simulate/random'
import type { Network, Service } from './network'
import type { Kind, Part } from './part'
import type { Servers } from './servers'
import type { Settings } from './settings'

interface Trouble {
  words: string
  /** Whom it may hit; absent: what all of them share. */
  kind?: Kind
  does(part: Part, random: Random): Promise<void>
}

/** A lease lasts 30 seconds: whoever is frozen for longer comes back to runs that are somebody else's. */
const frozenSeconds = (random: Random) => 32 + random.below(20)
const cutSeconds = (random: Random) => 5 + random.below(55)
const downSeconds = (random: Random) => 1 + random.below(15)

/** Does to the fleet, by chance and again with the same seed, what happens to machines and networks. Each kind comes once before any comes twice. */
export class Troublemaker {
  readonly counts = new Map<string, number>()
  readonly failures: string[] = []
  private readonly ending = new AbortController()
  private readonly running = new Set<Promise<void>>()
  private deck: Trouble[] = []

  constructor(
    private readonly parts: Part[],
    private readonly network: Network,
    private readonly servers: Servers,
    private readonly settings: Settings,
    private readonly random: Random,
    private readonly say: (words: string) => void,
  ) {}

  /** For so long; what was done is mended at the end. */
  async make(seconds: number, signal: AbortSignal): Promise<void> {
    try {
      await this.go(seconds, signal)
    } finally {
      this.ending.abort()
      await Promise.all(this.running)
    }
  }

  private async go(seconds: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + seconds * 1_000
    const once = this.shuffled(this.ofServers())
    const onceEveryMs = (seconds * 1_000) / (once.length + 1)
    for (let nextOnce = Date.now() + onceEveryMs; Date.now() < deadline; ) {
      const pauseMs = Math.min(30_000, this.random.exponential(this.settings.troubleEverySeconds) * 1_000, Math.max(0, deadline - Date.now()))
      await wait(pauseMs, undefined, { signal })
      if (once.length && Date.now() > nextOnce) {
        this.begin(once.pop()!)
        nextOnce += onceEveryMs
      } else if (Date.now() < deadline) this.begin(this.draw())
    }
  }

  private draw(): Trouble {
    if (!this.deck.length) this.deck = this.shuffled(this.ofParts().filter(({ kind }) => this.parts.some((part) => part.kind === kind)))
    return this.deck.pop()!
  }

  private begin(trouble: Trouble): void {
    const free = this.parts.filter((part) => part.kind === trouble.kind && !part.isTroubled)
    if (trouble.kind && !free.length) return // everybody has enough
    const hit = trouble.kind ? [free[this.random.below(free.length)]!] : this.parts
    this.counts.set(trouble.words, (this.counts.get(trouble.words) ?? 0) + 1)
    this.say(`  ${trouble.kind ? hit[0]!.name : 'all'}: ${trouble.words}`)
    for (const part of hit) part.beginTrouble()
    const done = trouble.does(hit[0]!, this.random)
      .catch((error: unknown) => void this.failures.push(`${trouble.words}: ${String(error)}`))
      .finally(() => {
        for (const part of hit) part.endTrouble()
        this.running.delete(done)
      })
    this.running.add(done)
  }

  private ofParts(): Trouble[] {
    const cuts = (kind: Kind, what: readonly Service[] | 'everything'): Trouble => ({ words: `${kind} is cut from ${what === 'everything' ? what : what.join(' and ')}`, kind, does: (part, random) => this.cut(part, what, cutSeconds(random)) })
    return [
      { words: 'worker is killed', kind: 'worker', does: (part, random) => this.down(part, 'SIGKILL', random) },
      { words: 'worker is ended', kind: 'worker', does: (part, random) => this.down(part, 'SIGTERM', random) },
      { words: 'worker is frozen', kind: 'worker', does: (part, random) => this.freeze(part, frozenSeconds(random)) },
      { words: 'worker is cut from the database and killed', kind: 'worker', does: (part, random) => this.cutAndKill(part, random) },
      cuts('worker', ['database']), cuts('worker', ['bucket']), cuts('worker', 'everything'),
      ...(this.network.cutsSource ? [cuts('worker', ['source'])] : []),
      { words: 'web is killed', kind: 'web', does: (part, random) => this.down(part, 'SIGKILL', random) },
      { words: 'web is ended', kind: 'web', does: (part, random) => this.down(part, 'SIGTERM', random) },
      { words: 'web is frozen', kind: 'web', does: (part, random) => this.freeze(part, 5 + random.below(20)) },
      cuts('web', ['database']), cuts('web', ['bucket']), cuts('web', 'everything'),
    ]
  }

  private ofServers(): Trouble[] {
    const { restartDatabase, restartBucket } = this.servers
    return [{ words: 'the bucket falls over', does: restartBucket }, ...(restartDatabase ? [{ words: 'the database falls over', does: restartDatabase }] : [])]
  }

  private async down(part: Part, signal: 'SIGKILL' | 'SIGTERM', random: Random): Promise<void> {
    await part.end(signal)
    if (random.next() < 0.3) part.loseData()
    await this.rest(downSeconds(random))
    await part.start()
    await part.isUp(AbortSignal.timeout(120_000))
  }

  private async freeze(part: Part, seconds: number): Promise<void> {
    part.signal('SIGSTOP')
    await this.rest(seconds)
    part.signal('SIGCONT')
  }

  private async cut(part: Part, what: readonly Service[] | 'everything', seconds: number): Promise<void> {
    const mend = await part.line.cut(what)
    await this.rest(seconds)
    await mend()
  }

  /** Its connections are never closed: the database does not hear of its end. */
  private async cutAndKill(part: Part, random: Random): Promise<void> {
    const mend = await part.line.cut('everything')
    await this.rest(1 + random.below(5))
    await part.end('SIGKILL')
    await this.rest(downSeconds(random))
    await mend()
    await part.start()
  }

  private async rest(seconds: number): Promise<void> {
    await wait(seconds * 1_000, undefined, { signal: this.ending.signal }).catch(() => {}) // woken to mend
  }

  private shuffled<T>(list: T[]): T[] {
    return list.map((each) => ({ each, at: this.random.next() })).toSorted((a, b) => a.at - b.at).map(({ each }) => each)
  }
}
