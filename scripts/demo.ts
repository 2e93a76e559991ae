import { dataFolder } from '@/lib/core/env'
import { formatDuration, formatQuantity } from '@/lib/core/format'
import { listSchemas } from '@/lib/db/schemas'
import { openDatabase } from '@/lib/db/open-database'
import { linkSampleShop } from '@/lib/sources/link-sample-shop'
import { runQuery } from '@/lib/sql-editor/run-query'
import { sync } from '../cli/commands/sync'
import { inWorkspace } from '../cli/session'
import { Terminal } from '../cli/terminal'
import { textTable } from '../cli/text-table'
import { openDataFolder } from './serve/data-folder'
import { runCommand } from './serve/failure'

const SHOWN_ROWS = 15

/** The table of every type has a note for nearly every column: told in one line. */
class DemoTerminal extends Terminal {
  override write(text: string): void {
    const lines = text.split('\n')
    const notes = lines.filter((line) => line.startsWith('every_type.'))
    const shown = lines.filter((line) => !notes.includes(line))
    if (notes.length) shown.push(`every_type: ${formatQuantity(notes.length, 'note')} on how its columns are kept; the first: ${notes[0]}`)
    super.write(shown.join('\n'))
  }
}

/** `npm run demo`: the whole way without a screen, on the same data folder as `npm start`, running or not. */
async function demo(): Promise<void> {
  openDataFolder()
  const terminal = new DemoTerminal(false)
  const say = (words: string) => terminal.say(words)
  const database = await openDatabase(say)
  try {
    const linked = await inWorkspace(terminal, (workspaceId) => linkSampleShop(workspaceId, say))
    say(`Linked: ${linked.name}`)
    await sync(terminal, linked.sourceId, {})
    if (terminal.exitCode === 0) await inWorkspace(terminal, (workspaceId) => showJoin(terminal, workspaceId, linked.sourceId))
    process.exitCode = terminal.exitCode
  } finally {
    await database.close()
  }
}

/** Revenue by country: two tables that were synced apart, joined. */
async function showJoin(terminal: Terminal, workspaceId: string, sourceId: string): Promise<void> {
  const tables = new Map((await listSchemas(workspaceId, { sourceId })).map((schema) => [schema.name, schema.tableName]))
  const sql = `select customers.country, count(*) as orders, count(distinct customers.id) as customers, sum(orders.total) as revenue, avg(orders.total)::decimal(12, 2) as average_order
from ${tables.get('orders')} as orders
join ${tables.get('customers')} as customers on customers.id = orders.customer_id
where orders.status not in ('cancelled', 'returned')
group by customers.country
order by revenue desc
limit ${SHOWN_ROWS}`
  terminal.write(`\n${sql}\n`)
  const began = Date.now()
  const { columns, rows } = await runQuery(workspaceId, { sql, rowLimit: SHOWN_ROWS }, terminal.signal)
  const shown = rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : String(cell))))
  terminal.write(`\n${textTable(columns.map(({ name }) => name), shown, new Set([1, 2, 3, 4]))}`)
  terminal.write(`\n${formatQuantity(rows.length, 'row')} in ${formatDuration(Date.now() - began)}`)
}

void runCommand(dataFolder, demo)
