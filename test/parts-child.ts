import { disconnect } from '@/lib/db/client'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { postgres } from '@/lib/connectors/postgres/connector'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { objectStore } from '@/lib/warehouse/object-store'
import { CutSource, gate, smallParts } from './parts-room'
import { jobFor, type JobChange, type Schema } from './sync-room'

/** What a process is told that loads a table of PostgreSQL part by part, and dies on the way. */
export interface PartsOrder {
  schema: Schema
  run: { runId: string; fence: number }
  config: unknown
  table: string
  change: Pick<JobChange, 'method' | 'replicationKey' | 'parts'>
  /**
   * `part`: before the nth part is asked for. `put`: when the nth file is to be put into the store, or `afterMs` later. `kept`: when so many checkpoints are there.
   * `step`: so long after a step began.
   */
  dieAt: { part: number } | { put: number; afterMs: number } | { kept: number } | { step: string; afterMs: number }
}

const die = () => process.kill(process.pid, 'SIGKILL')

function dieLater(afterMs: number): void {
  if (afterMs === 0) die()
  else setTimeout(die, afterMs)
}

async function main({ schema, run, config: given, table, change, dieAt }: PartsOrder): Promise<void> {
  const config = PostgresConfig.parse(given)
  const [discovered] = await postgres.discover(config, new AbortController().signal, [{ namespace: 'public', table }])
  if (!discovered) throw new Error(`There is no table ${table}`)
  const source = new CutSource({ connector: postgres, discovered, primaryKey: discovered.primaryKey })
  const isTogether = gate(change.parts?.connections ?? 1)
  source.onPart = async (number) => {
    await isTogether()
    if ('part' in dieAt && dieAt.part === number) die()
  }
  const store = objectStore()
  const put = store.put.bind(store)
  let puts = 0
  store.put = (...args) => {
    if ('put' in dieAt && puts++ === dieAt.put) dieLater(dieAt.afterMs)
    return put(...args)
  }
  let kept = 0
  const log: JobChange['log'] = (_, line) => {
    if ('kept' in dieAt && line.startsWith('The read can go on from here') && ++kept === dieAt.kept) die()
  }
  const onProgress: JobChange['onProgress'] = ({ step }) => {
    if ('step' in dieAt && dieAt.step === step) dieLater(dieAt.afterMs)
  }
  await runPipeline(jobFor(schema, run, source, { ...smallParts, ...change, config, log, onProgress }))
  await disconnect()
}

await main(JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text()))
