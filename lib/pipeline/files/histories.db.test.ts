import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { syncBucket } from '@/test/files-room'
import { MemoryBucket } from '@/test/memory-bucket'
import { inParallel, randomOf, type Random } from '@/test/random'
import { makeSchema, snapshotOf, tableRows, type Schema } from '@/test/sync-room'
import { quoteIdentifier } from '@/lib/warehouse/sql-text'
import type { FilesSettings } from '@/lib/core/files-settings'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const HISTORIES = 10
const VALUES = ['', '1', '007', '-5', '2.5', '1e3', '9007199254740993', 'true', '2024-02-29', '2024-02-29T10:00:00Z', 'text', '"a ""quoted"" one"', '"two\nlines"']

/** A bucket whose files come, change and go, with columns and types that do so too. */
class History {
  readonly bucket = new MemoryBucket()
  private number = 0

  constructor(private readonly random: Random) {
    this.bucket.hasFingerprints = random(4) > 0
  }

  step(): void {
    for (let change = 1 + this.random(8); change > 0; change--) {
      const keys = [...this.bucket.objects.keys()]
      const key = keys[this.random(Math.max(keys.length, 1))]
      const what = key === undefined ? 0 : this.random(4)
      if (key === undefined || what < 2) this.bucket.put(`${this.random(3)}/file ${this.number++}.csv`, this.csv(), { sameSecond: this.random(2) === 0 })
      else if (what === 2) this.bucket.put(key, this.csv(), { sameSecond: this.random(2) === 0 })
      else this.bucket.delete(key)
    }
  }

  private csv(): string {
    const names = ['a', 'b', 'A_1', 'c'].filter(() => this.random(4) > 0)
    if (!names.length) return ''
    // mostly files of one kind of value, as files are
    const value = () => VALUES[this.random(4) ? kind : this.random(VALUES.length)] ?? ''
    const kind = this.random(VALUES.length)
    return [names, ...Array.from({ length: this.random(6) }, () => names.map(value))].map((row) => `${row.join(',')}\n`).join('')
  }
}

/**
 * The rows as texts. A type that a file widened stays wide when that file goes, until everything is read anew: a whole number may be written as a fraction then, and a
 * day as a moment. A column that no file has any more stays, and is NULL.
 */
async function contents(schema: Schema): Promise<Record<string, string>[]> {
  const { columns } = await snapshotOf(schema)
  const shown = columns.filter(({ name, sourceName }) => sourceName !== null || name.startsWith('_file')).filter(({ name }) => name !== '_file_modified_at')
  const rows = await tableRows(schema, { select: shown.map(({ name }) => `CAST(${quoteIdentifier(name)} AS VARCHAR)`).join(', '), order: '_file, _file_row' })
  return rows.map((row) => Object.fromEntries(row.flatMap((value, index) => (value === null ? [] : [[shown[index]?.sourceName ?? shown[index]?.name, value.replace(/\.0$| 00:00:00$/, '')]]))))
}

it('gives the same rows an object at a time as all at once, under random changes', async () => {
  const settings = { format: 'csv', csv: { header: true } } satisfies Partial<FilesSettings>
  await inParallel(HISTORIES, 2, async (seed) => {
    const random = randomOf(seed)
    const history = new History(random)
    const schema = await makeSchema()
    for (let step = 0; step < 6; step++) {
      history.step()
      await syncBucket(schema, history.bucket, { settings })
    }
    const fresh = await makeSchema()
    await syncBucket(fresh, history.bucket, { settings })
    expect({ seed, rows: await contents(schema) }).toEqual({ seed, rows: await contents(fresh) })
  })
}, 900_000)
