import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import type { Random } from '../simulate/random'
import { quoted, STATE, withClient, type SourceTable } from './source-table'

/** No table is ever emptied. */
const FEWEST = 5

/**
 * Changes tables of one database, one transaction after the other, so that a later one has a later time. Knows every state that a table ever had.
 * A transaction moves an amount between rows, old, new or about to be deleted: what they have together stays.
 */
export class Ledger {
  private readonly states = new Map<number, Set<string>>()
  private ids: number[] = []
  private nextId = 0
  private rev = 0
  changes = 0

  constructor(readonly table: SourceTable) {}

  /** The number of a state that the table had; undefined: it never was like this. */
  revisionOf(state: string): number | undefined {
    const revision = Number(state.split('|')[3])
    return this.states.get(revision)?.has(state) ? revision : undefined
  }

  async look(client: pg.ClientBase): Promise<void> {
    const { rows } = await client.query<{ id: string }>(`SELECT id FROM ${quoted(this.table.name)} ORDER BY id`)
    this.ids = rows.map(({ id }) => Number(id))
    this.nextId = Math.max(this.nextId, ...this.ids.slice(-1)) + 1
    this.keep(await this.state(client))
  }

  async change(client: pg.ClientBase, random: Random): Promise<void> {
    const [rev, amount] = [this.rev + 1, random.below(50)]
    await client.query('BEGIN')
    await this.pay(client, this.pick(random), -amount, rev)
    const kind = random.next()
    let gone: number | undefined
    let come: number | undefined
    if (kind < 0.4) {
      come = this.nextId++
      await client.query(`INSERT INTO ${quoted(this.table.name)} VALUES ($1, $2, $3, $4, $5, $6, now())`, [come, amount, rev, rev % 3 ? `${rev}.50` : null, rev % 2 === 0, rev % 4 ? `change ${rev}` : null])
    } else {
      if (kind > 0.75 && this.table.method === 'full' && this.ids.length > FEWEST) gone = this.pick(random)
      const kept = gone === undefined ? 0 : await this.remove(client, gone)
      await this.pay(client, this.pick(random, gone), amount + kept, rev)
    }
    // before it is committed: whoever reads it then must find it here
    this.keep(await this.state(client))
    await client.query('COMMIT')
    this.changes++
    if (come !== undefined) this.ids.push(come)
    if (gone !== undefined) this.ids = this.ids.filter((id) => id !== gone)
  }

  private pick(random: Random, not?: number): number {
    for (;;) {
      const id = this.ids[random.below(this.ids.length)]
      if (id !== undefined && id !== not) return id
    }
  }

  private async pay(client: pg.ClientBase, id: number, amount: number, rev: number): Promise<void> {
    await client.query(`UPDATE ${quoted(this.table.name)} SET amount = amount + $2, rev = $3, updated_at = now() WHERE id = $1`, [id, amount, rev])
  }

  private async remove(client: pg.ClientBase, id: number): Promise<number> {
    const { rows } = await client.query<{ amount: string }>(`DELETE FROM ${quoted(this.table.name)} WHERE id = $1 RETURNING amount`, [id])
    return Number(rows[0]?.amount ?? 0)
  }

  private async state(client: pg.ClientBase): Promise<string> {
    const { rows } = await client.query<{ state: string }>(`SELECT ${STATE} AS state FROM ${quoted(this.table.name)}`)
    return rows[0]?.state ?? ''
  }

  private keep(state: string): void {
    this.rev = Number(state.split('|')[3])
    this.states.set(this.rev, (this.states.get(this.rev) ?? new Set()).add(state))
  }
}

/** One connection that changes the tables of a database until it is stopped. */
export class Writer {
  private readonly ending = new AbortController()
  private running: Promise<void> | undefined

  constructor(
    private readonly url: string,
    readonly ledgers: Ledger[],
    private readonly random: Random,
    private readonly pauseMs: number,
  ) {}

  /** Every state of now is known afterwards. */
  async look(): Promise<void> {
    await withClient(this.url, async (client) => {
      for (const ledger of this.ledgers) await ledger.look(client)
    })
  }

  start(): void {
    this.running = withClient(this.url, (client) => this.run(client))
    this.running.catch(() => {}) // heard of by whoever stops it
  }

  async stop(): Promise<void> {
    this.ending.abort()
    await this.running
  }

  private async run(client: pg.Client): Promise<void> {
    while (!this.ending.signal.aborted) {
      await this.ledgers[this.random.below(this.ledgers.length)]?.change(client, this.random)
      await wait(this.pauseMs, undefined, { signal: this.ending.signal }).catch(() => {}) // woken to end
    }
  }
}
