import { afterAll, beforeAll, expect, it } from 'vitest'
import { findSnapshot } from '@/lib/db/versions'
import { openSourceRoom, type SourceRoom } from '@/test/compare-room'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { CutSource, bothTables, cut, partsSync } from '@/test/parts-room'
import { randomOf, type Random } from '@/test/random'
import { makeSchema, type JobChange } from '@/test/sync-room'

let database: FreshDatabase
let room: SourceRoom
beforeAll(async () => {
  database = await freshDatabase()
  room = await openSourceRoom()
})
afterAll(async () => {
  await room.close()
  await database.drop()
})

const KEYS = ['int', 'uuid', 'text'] as const
const idSql = (key: string, n: string) => ({ int: `(${n})::int`, uuid: `md5((${n})::text)::uuid`, text: `chr(97 + (${n})::int % 26) || (${n})` })[key] ?? n

/** Whatever happens at the source between the cuts of a load: the table that is published is the source's. */
it.each(Array.from({ length: 36 }, (_, seed) => seed + 1))('any changes between any cuts (seed %i)', async (seed) => {
  const random = randomOf(seed)
  const name = `history_${seed}`
  const key = KEYS[random(3)] ?? 'int'
  const rows = 300 + random(1500)
  await room.run(`CREATE TABLE ${name} (id ${key} primary key, changed int, text text); INSERT INTO ${name} SELECT ${idSql(key, 'n')}, n, repeat('x', 40 + n % 90) FROM generate_series(1, ${rows}) n`)
  const source = new CutSource(await room.table(name))
  const schema = await makeSchema()
  const change: JobChange = { config: room.config, ...(random(2) ? { method: 'incremental', replicationKey: 'changed' } : { method: 'full' }) }
  for (let cuts = 1 + random(4); cuts > 0; cuts--) {
    const at = random(12)
    source.onPart = (number) => {
      if (number >= at) throw cut
    }
    const ended = await partsSync(schema, source, change).catch((error: unknown) => error)
    if (ended !== cut && ended instanceof Error) throw ended
    source.forget()
    for (let changes = random(6); changes > 0; changes--) await room.run(anyChange(name, key, random))
  }
  // a load that was not cut after all is followed by one that sees everything
  const isLoaded = await findSnapshot(schema.workspaceId, schema.schemaId)
  await partsSync(schema, source, { ...change, ...(isLoaded ? { method: 'full' } : {}) })
  const { ours, source: theirs } = await bothTables(room, schema, name)
  expect({ seed, ours }).toEqual({ seed, ours: theirs })
})

function anyChange(name: string, key: string, random: Random): string {
  const n = 1 + random(1800)
  const some = `changed % ${7 + random(90)} = ${random(7)}`
  return [
    `DELETE FROM ${name} WHERE ${some}`,
    `UPDATE ${name} SET text = 'quiet ${random(99)}' WHERE ${some}`,
    `UPDATE ${name} SET text = repeat('wide', ${random(200)}) WHERE ${some}`,
    `UPDATE ${name} SET changed = changed + ${random(3000)} WHERE ${some}`,
    `UPDATE ${name} SET id = ${idSql(key, `${n + 5000}`)} WHERE id = ${idSql(key, `${n}`)} AND NOT EXISTS (SELECT FROM ${name} WHERE id = ${idSql(key, `${n + 5000}`)})`,
    `INSERT INTO ${name} SELECT ${idSql(key, 'i')}, i, 'anew' FROM generate_series(${n}, ${n + random(200)}) i ON CONFLICT (id) DO UPDATE SET text = 'again'`,
    `UPDATE ${name} SET text = text`,
    `VACUUM ${name}`,
    `DELETE FROM ${name}`,
    `VACUUM FULL ${name}`,
    `TRUNCATE ${name}`,
  ][random(25) === 0 ? 8 + random(3) : random(8)] ?? ''
}
