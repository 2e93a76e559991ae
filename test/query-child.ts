import { disconnect } from '@/lib/db/client'
import { findSnapshot } from '@/lib/db/versions'
import { coolDownQueries } from '@/lib/warehouse/query/query-queue'
import { runReadOnly } from '@/lib/warehouse/query/run-read-only'
import type { CellValue } from '@/lib/warehouse/query/types'
import type { Schema } from './sync-room'

/** What a process is told that queries the table of a schema as `things`, some times. */
export interface QueryOrder {
  schema: Schema
  sql: string
  times: number
}

/** Its versions and rows, one for each time. */
export type QueryAnswer = { version: number; rows: CellValue[][] }[]

const { schema, sql, times }: QueryOrder = JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text())
const answers: QueryAnswer = []
for (let time = 0; time < times; time++) {
  const snapshot = await findSnapshot(schema.workspaceId, schema.schemaId)
  if (!snapshot) throw new Error('There is no such table')
  const { rows } = await runReadOnly([{ name: 'things', dottedName: 'shop.things', snapshot }], sql, { rowLimit: 100_000 })
  answers.push({ version: snapshot.version, rows })
}
await coolDownQueries()
await disconnect()
process.stdout.write(JSON.stringify(answers))
