import pg from 'pg'
import type { History } from './generate'
import { columns, keyOf, textOf, type Change, type Row, type SourceModel, type Table } from './source-model'

const quoted = pg.escapeIdentifier

const keyColumns: Record<History['key'], string[]> = { id: ['id'], 'part and id': ['part', 'id'], code: ['code'] }

/** The table at the source, in step with its model. */
export class SourceTable {
  readonly name: string
  readonly keys: string[]
  private readonly lateClients: pg.Client[] = []

  constructor(private readonly client: pg.Client, private readonly url: string, private readonly history: History, readonly model: SourceModel) {
    this.name = `history_${history.seed}`
    this.keys = keyColumns[history.key]
  }

  async make(): Promise<void> {
    await this.client.query(`DROP TABLE IF EXISTS ${quoted(this.name)}`)
    await this.client.query(`CREATE TABLE ${quoted(this.name)} (id bigint NOT NULL, part int NOT NULL, code text COLLATE "C" NOT NULL, rev bigint NOT NULL, changed_at timestamptz NOT NULL,
      amount numeric(14, 3), flag boolean, born date, note text, PRIMARY KEY (${this.keys.join(', ')}))`)
    await this.write(this.client, this.model.fill())
    await this.client.query(`ANALYZE ${quoted(this.name)}`)
  }

  /** In a transaction of its own; a late one stays open until `commitLate`. */
  async apply(change: Change): Promise<void> {
    if (change.kind !== 'insert late') return this.write(this.client, change)
    const client = new pg.Client({ connectionString: this.url })
    await client.connect()
    this.lateClients.push(client)
    await client.query('BEGIN')
    await this.write(client, change)
  }

  async commitLate(): Promise<void> {
    for (const client of this.lateClients.splice(0)) {
      await client.query('COMMIT')
      await client.end()
    }
    this.model.commitLate()
  }

  /** What is there, asked of the server: the model must be right before anything is held against it. */
  async rows(): Promise<Table> {
    const select = columns.map((column) => (column === 'changed_at' ? '(extract(epoch FROM changed_at) * 1000000)::bigint::text AS changed_at' : `${column}::text`)).join(', ')
    const { rows } = await this.client.query<Row>(`SELECT ${select} FROM ${quoted(this.name)}`)
    return new Map(rows.map((row) => [keyOf(this.history, row), textOf(row)]))
  }

  async drop(): Promise<void> {
    for (const client of this.lateClients.splice(0)) await client.end()
    await this.client.query(`DROP TABLE IF EXISTS ${quoted(this.name)}`)
  }

  private async write(client: pg.Client, { deleted, written }: Change): Promise<void> {
    const values = (rows: Row[]) => JSON.stringify(rows.map((row) => ({ ...row, changed_at: new Date(Number(row.changed_at) / 1_000).toISOString() })))
    const others = columns.filter((column) => !this.keys.includes(column)).map((column) => `${column} = excluded.${column}`).join(', ')
    const statement = `
      WITH gone AS (DELETE FROM ${quoted(this.name)} t USING json_populate_recordset(NULL::${quoted(this.name)}, $1) g WHERE ${this.keys.map((key) => `t.${key} = g.${key}`).join(' AND ')})
      INSERT INTO ${quoted(this.name)} SELECT * FROM json_populate_recordset(NULL::${quoted(this.name)}, $2) ON CONFLICT (${this.keys.join(', ')}) DO UPDATE SET ${others}`
    await client.query(statement, [values(deleted), values(written)])
  }
}
