import type { Rows } from './ask'
import { digest, quoted, rowText, withClient } from './source-table'
import type { LinkedSource, LinkedTable, Tenant } from './tenants'

export type Ask = (tenant: Tenant, sql: string) => Promise<Rows>

const SHOWN_ROWS = 10_000

/** Every table against its source, row for row: what differs, in words. `ask` is the program's own way to query. */
export async function compareAll(tenants: Tenant[], ask: Ask, say: (words: string) => void): Promise<{ equal: number; different: string[] }> {
  const found = { equal: 0, different: [] as string[] }
  for (const tenant of tenants) {
    for (const source of tenant.sources) {
      const different = await compareSource(tenant, source, ask)
      found.equal += source.tables.length - different.length
      found.different.push(...different)
    }
    say(`  ${tenant.email}: compared`)
  }
  return found
}

async function compareSource(tenant: Tenant, source: LinkedSource, ask: Ask): Promise<string[]> {
  const digests = new Map((await ask(tenant, source.tables.map(({ name }) => `SELECT '${name}', (SELECT ${digest(rowText.warehouse)} FROM ${quoted(name)})`).join(' UNION ALL '))).map(([name, value]) => [String(name), String(value)]))
  return withClient(source.url, async (client) => {
    const different: string[] = []
    for (const table of source.tables) {
      const { rows } = await client.query<{ value: string }>(`SELECT ${digest(rowText.source)} AS value FROM ${quoted(table.ledger.table.name)}`)
      if (digests.get(table.name) === rows[0]?.value) continue
      const upstream = await client.query<{ row: string }>(`SELECT ${rowText.source} AS row FROM ${quoted(table.ledger.table.name)} ORDER BY id LIMIT ${SHOWN_ROWS}`)
      different.push(await difference(tenant, table, upstream.rows.map(({ row }) => row), ask))
    }
    return different
  })
}

async function difference(tenant: Tenant, { name }: LinkedTable, upstream: string[], ask: Ask): Promise<string> {
  const here = (await ask(tenant, `SELECT ${rowText.warehouse} FROM ${quoted(name)} ORDER BY id LIMIT ${SHOWN_ROWS}`)).map(([row]) => String(row))
  const [there, ours] = [new Set(upstream), new Set(here)]
  const [missing, wrong] = [upstream.filter((row) => !ours.has(row)), here.filter((row) => !there.has(row))]
  return `${name}: ${missing.length} rows are missing (${JSON.stringify(missing[0] ?? '')}), ${wrong.length} are not in the source (${JSON.stringify(wrong[0] ?? '')})`
}
