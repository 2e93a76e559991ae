import type { ChildReply, ChildRequest } from './messages'
import { engineFailure, Refusal } from './child/engine-failure'
import { exportToFile } from './child/export-to-file'
import { judge, type Judgement } from './child/judge'
import { lockSandbox, openSandbox, type Sandbox } from './child/sandbox'
import { sendRows } from './child/send-rows'

/**
 * The process in which people's SQL runs. It starts with an empty environment in an empty folder of its own, is told over
 * IPC what to read, serves one query and is ended by its parent.
 * It imports nothing of the house but its own folder, and how texts are read: there is nothing here to steal.
 */
async function main(): Promise<void> {
  // the parent is gone: nobody waits for the answer
  process.on('disconnect', () => process.exit(0))
  const sandbox = await openSandbox()
  let judged: Judgement | undefined
  process.on('message', (request: ChildRequest) => {
    if (request.kind === 'cancel') {
      sandbox.isCancelled = true
      return sandbox.connection.interrupt()
    }
    answer(sandbox, request, judged)
      .then((judgement) => {
        judged = judgement
      })
      .catch((error: unknown) => send({ kind: 'failed', failure: engineFailure(error, judged?.shift) }))
  })
  await send({ kind: 'ready' })
}

async function answer(sandbox: Sandbox, request: Exclude<ChildRequest, { kind: 'cancel' }>, judged: Judgement | undefined): Promise<Judgement> {
  if (request.kind === 'judge') {
    const judgement = await judge(sandbox, request.sql)
    await send({ kind: 'judged', references: judgement.references, wantsCatalogue: judgement.wantsCatalogue })
    return judgement
  }
  if (!judged) throw new Error('A query is judged before it is run')
  await lockSandbox(sandbox, request.setup)
  if (sandbox.isCancelled) throw new Refusal('cancelled', 'The query was cancelled')
  if (request.work.kind === 'rows') await sendRows(sandbox, judged, request.work, send)
  else await exportToFile(sandbox, judged, request.work, send)
  return judged
}

function send(reply: ChildReply): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!process.send) return reject(new Error('The query process was started without its parent'))
    process.send(reply, undefined, undefined, (error) => (error ? reject(error) : resolve()))
  })
}

await main()
