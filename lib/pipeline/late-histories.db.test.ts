import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { LateSource } from '@/test/late-source'

let database: FreshDatabase
let source: LateSource
let people: pg.Client[]

beforeAll(async () => {
  database = await freshDatabase()
  source = await LateSource.open()
  people = await Promise.all(Array.from({ length: PEOPLE }, () => source.client()))
})
afterAll(async () => {
  await source.close()
  await database.drop()
})

const PEOPLE = 3
const DEEDS = ['begin', 'begin', 'insert', 'insert', 'insert', 'update', 'savepoint', 'rollback to savepoint', 'commit', 'rollback', 'number'] as const
type Deed = (typeof DEEDS)[number]

const person = fc.record({ who: fc.nat(PEOPLE - 1), deed: fc.constantFrom(...DEEDS) })
const history = fc.array(fc.oneof({ weight: 4, arbitrary: person }, { weight: 1, arbitrary: fc.constant('sync' as const) }), { minLength: 15, maxLength: 30 })

/** Somebody at work: each changes only own rows, so that nobody waits for a lock. */
class Person {
  private isOpen = false
  private savepoints = 0
  /** A number that was taken before its row is written. */
  private number: string | null = null

  constructor(private readonly client: pg.Client, private readonly name: string, private readonly table: string) {}

  async does(deed: Deed): Promise<void> {
    const { client, table, name } = this
    if (deed === 'begin' && !this.isOpen) {
      await client.query('BEGIN')
      this.isOpen = true
    } else if (deed === 'insert') {
      await client.query(`INSERT INTO ${table} (id, who) VALUES (coalesce($2, nextval('${table}_id_seq')), $1)`, [name, this.number])
      this.number = null
    } else if (deed === 'number' && this.isOpen) {
      this.number = (await client.query<{ id: string }>(`SELECT nextval('${table}_id_seq') AS id`)).rows[0]?.id ?? null
    } else if (deed === 'update') await client.query(`UPDATE ${table} SET at = now(), version = version + 1 WHERE id = (SELECT min(id) FROM ${table} WHERE who = $1)`, [name])
    else if (deed === 'savepoint' && this.isOpen) await client.query(`SAVEPOINT s${++this.savepoints}`)
    else if (deed === 'rollback to savepoint' && this.savepoints) await client.query(`ROLLBACK TO s${this.savepoints--}`)
    else if ((deed === 'commit' || deed === 'rollback') && this.isOpen) await this.ends(deed)
  }

  async ends(deed: 'commit' | 'rollback'): Promise<void> {
    await this.client.query(deed)
    this.isOpen = false
    this.savepoints = 0
    this.number = null
  }
}

it.each(['at', 'id'])('by %s: whatever the order in which transactions begin, write, are synced and end, two syncs after the last the table is the source', async (key) => {
  let table = 0
  await fc.assert(
    fc.asyncProperty(history, async (deeds) => {
      const name = `t_${key}_${++table}`
      await people[0]?.query(`CREATE TABLE ${name} (id bigserial PRIMARY KEY, who text, at timestamptz DEFAULT now(), version int DEFAULT 0)`)
      const room = people.map((client, index) => new Person(client, `p${index}`, name))
      const t = await source.table(name, key)
      await room[0]?.does('insert')
      await t.sync({ lookBack: 0 })
      for (const each of deeds) {
        if (each === 'sync') await t.sync({ lookBack: 0 })
        // a key that only counts rows tells of no change
        else if (key === 'at' || each.deed !== 'update') await room[each.who]?.does(each.deed)
      }
      for (const each of room) await each.ends('commit')
      await t.sync({ lookBack: 0 })
      await t.sync({ lookBack: 0 })
      const { rows } = (await people[0]?.query<{ row: string }>(`SELECT concat_ws(' ', id, who, version) AS row FROM ${name} ORDER BY id`)) ?? { rows: [] }
      expect((await t.rows()).map(({ id, who, version }) => [id, who, version].join(' ')).sort()).toEqual(rows.map(({ row }) => row).sort())
    }),
    { numRuns: 10, endOnFailure: true },
  )
}, 240_000)
