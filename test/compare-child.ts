import { disconnect } from '@/lib/db/client'
import type { SourceSnapshot, TablesConnector } from '@/lib/connectors/contract'
import { PostgresConfig } from '@/lib/connectors/postgres/config'
import { postgres } from '@/lib/connectors/postgres/connector'
import { runPipeline } from '@/lib/pipeline/run-pipeline'
import { jobFor, type JobChange, type Schema } from './sync-room'

/** What a process is told that compares a table of PostgreSQL with its source, and dies on the way. */
export interface CompareOrder {
  schema: Schema
  run: { runId: string; fence: number }
  config: unknown
  table: string
  change: Pick<JobChange, 'method' | 'replicationKey' | 'compare' | 'isCompareOnly'>
  /**
   * `asked`: before the nth question for checksums; `answered`: when its answer is there. `fetched`: while the ranges that differ are read.
   * `step`: so long after a step began.
   */
  dieAt: { asked: number } | { answered: number } | { fetched: true } | { step: string; afterMs: number }
}

const die = () => process.kill(process.pid, 'SIGKILL')

async function main({ schema, run, config: given, table, change, dieAt }: CompareOrder): Promise<void> {
  const config = PostgresConfig.parse(given)
  const [discovered] = await postgres.discover(config, new AbortController().signal, [{ namespace: 'public', table }])
  if (!discovered) throw new Error(`There is no table ${table}`)
  let questions = 0
  const dying = (moment: SourceSnapshot): SourceSnapshot => ({
    ...(moment.horizon === undefined ? {} : { horizon: moment.horizon }),
    async *read(request) {
      for await (const batch of moment.read(request)) {
        if (request.within && 'fetched' in dieAt) die()
        yield batch
      }
    },
    async summarise(request) {
      const number = questions++
      if ('asked' in dieAt && dieAt.asked === number) die()
      const answer = await moment.summarise?.(request)
      if ('answered' in dieAt && dieAt.answered === number) die()
      return answer ?? Promise.reject(new Error('There are no checksums'))
    },
    close: () => moment.close(),
  })
  const real: TablesConnector = postgres
  const connector: TablesConnector = { ...real, openSnapshot: async (...args) => {
    const moment = await real.openSnapshot?.(...args)
    if (!moment) throw new Error('There is no snapshot')
    return dying(moment)
  } }
  const onProgress: JobChange['onProgress'] = ({ step }) => {
    if (!('step' in dieAt) || dieAt.step !== step) return
    if (dieAt.afterMs === 0) die()
    else setTimeout(die, dieAt.afterMs)
  }
  await runPipeline(jobFor(schema, run, { connector, discovered, primaryKey: discovered.primaryKey }, { ...change, config, onProgress }))
  await disconnect()
}

await main(JSON.parse(await new Response(process.stdin as unknown as ReadableStream).text()))
