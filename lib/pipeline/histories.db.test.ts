import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { MemorySource, column, type Row } from '@/test/memory-source'
import { inParallel, randomOf, type Random } from '@/test/random'
import { makeSchema, sync, tableRows } from '@/test/sync-room'
import type { SyncReport } from './types'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const HISTORIES = 200
const incremental = { method: 'incremental', replicationKey: 'changed' } as const

const TEXTS = ['', '\\N', 'NULL', 'a"b', 'two\nlines', 'cr\r\nlf', 'x,y', '😀', ' blank ', '\\.', null]

/** A source whose clock only stands or moves on, as the replication key of a real table. */
class History {
  private clock = 100
  private nextId = 1
  readonly source: MemorySource

  constructor(private readonly random: Random) {
    this.source = new MemorySource([column('Key', 'BIGINT'), column('part', 'VARCHAR'), column('changed', 'BIGINT'), column('text', 'VARCHAR'), column('amount', 'DECIMAL(38,10)', { sourceType: 'numeric(38,10)' })])
    this.source.primaryKey = ['Key', 'part']
    this.source.batchRows = 1 + random(7)
  }

  /** Inserts and updates, several at one moment of the clock, and rows that get their replication key later. */
  step(): void {
    for (let change = this.random(6); change > 0; change--) {
      const { rows } = this.source
      if (this.random(3) === 0 || !rows.length) rows.push(this.newRow())
      else {
        const row = rows[this.random(rows.length)]
        if (row) this.update(row)
      }
      this.clock += this.random(3)
    }
    if (this.random(4) === 0) this.shuffle()
  }

  private newRow(): Row {
    return [String(this.nextId++), [null, '', 'p'][this.random(3)] ?? null, this.key(), this.text(), this.amount()]
  }

  /** A row that had no replication key may get one; one that has one never loses it, since no read could see that. */
  private update(row: Row): void {
    row[3] = this.text()
    row[4] = this.amount()
    row[2] = row[2] === null ? this.key() : String(this.clock)
  }

  private key(): string | null {
    return this.random(8) === 0 ? null : String(this.clock)
  }

  private text(): string | null {
    return TEXTS[this.random(TEXTS.length)] ?? null
  }

  private amount(): string | null {
    return this.random(5) === 0 ? null : `${this.random(2) ? '-' : ''}1234567890123456789012345678.${String(this.random(1e9)).padStart(10, '0')}`
  }

  private shuffle(): void {
    this.source.rows.sort(() => this.random(3) - 1)
  }
}

it(`an incremental table equals the full one after each of ${HISTORIES} random histories`, async () => {
  await inParallel(HISTORIES, 4, async (seed) => {
    const random = randomOf(seed + 1)
    const history = new History(random)
    const schema = await makeSchema()
    const repeats: SyncReport[] = []
    for (let syncs = 2 + random(3); syncs > 0; syncs--) {
      history.step()
      await sync(schema, history.source, incremental)
      if (random(3) === 0) repeats.push(await sync(schema, history.source, incremental))
    }
    const merged = await tableRows(schema)
    await sync(schema, history.source, { ...incremental, isFull: true })
    expect({ seed, rows: merged }).toEqual({ seed, rows: await tableRows(schema) })
    expect(merged).toHaveLength(history.source.rows.length)
    expect(repeats.filter((report) => report.isChanged)).toEqual([])
  })
}, 240_000)
