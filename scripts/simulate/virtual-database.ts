import pg from 'pg'

/**
 * A real database whose clock we turn. Unqualified now() is ours for every connection, by the database's search path; what was bound to the real clock
 * before (column defaults, the queue's own clock) is bound to ours. So all SQL of the product runs as it is.
 */
export class VirtualDatabase {
  private statements = 0

  private constructor(private readonly client: pg.Client) {}

  static async open(url: string, start: number): Promise<VirtualDatabase> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const name = pg.escapeIdentifier(new URL(url).pathname.slice(1))
    await client.query(`
      CREATE SCHEMA sim;
      CREATE UNLOGGED TABLE sim.clock (at timestamptz NOT NULL);
      CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM sim.clock';
      ALTER DATABASE ${name} SET search_path = sim, pg_catalog, public;
      ALTER DATABASE ${name} SET synchronous_commit = off;
      SET synchronous_commit = off;
      SET search_path = sim, pg_catalog, public`)
    await client.query('INSERT INTO sim.clock VALUES ($1)', [new Date(start)])
    await client.query(`ALTER TABLE "SyncRun" ALTER "queuedAt" SET DEFAULT sim.now(), ALTER "notBefore" SET DEFAULT sim.now(), ALTER "dueBy" SET DEFAULT sim.now()`)
    const database = new VirtualDatabase(client)
    database.countOthers()
    return database
  }

  /** The queue makes its own tables when it is used first; from then on its clock is ours too. */
  async turnQueueClock(): Promise<void> {
    await this.query(`CREATE OR REPLACE FUNCTION pgboss.job_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT sim.now()'`)
  }

  async setTime(now: number): Promise<void> {
    await this.query('UPDATE sim.clock SET at = $1', [new Date(now)])
  }

  /** Of the simulation itself: not counted. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(sql, values)).rows
  }

  /** So many statements the product has sent so far, BEGIN and COMMIT among them. */
  counted(): number {
    return this.statements
  }

  async close(): Promise<void> {
    pg.Client.prototype.query = plainQuery
    await this.client.end()
  }

  private countOthers(): void {
    const note = (client: pg.Client) => void (this.statements += client === this.client ? 0 : 1)
    // every statement of Prisma's adapter and of the queue goes through here
    pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
      note(this)
      return Reflect.apply(plainQuery, this, given)
    } as typeof plainQuery
  }
}

const plainQuery = pg.Client.prototype.query
