import { closeTracing } from '@/lib/core/traces'
import { openDatabase } from '@/lib/db/open-database'
import { closeJobs } from '@/lib/jobs/enqueue'
import { firstWorkspace } from '@/lib/workspace/first-workspace'
import type { Terminal } from './terminal'

/** Run a command's body in the first workspace, with our own database open: joined when the server runs, else started and ended. */
export async function inWorkspace<T>(terminal: Terminal, body: (workspaceId: string) => Promise<T>): Promise<T> {
  const database = await openDatabase((words) => terminal.say(words))
  try {
    const { id } = await firstWorkspace()
    return await body(id)
  } finally {
    await closeTracing()
    await closeJobs()
    await database.close()
  }
}
