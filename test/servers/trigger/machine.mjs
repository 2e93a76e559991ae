const API = Symbol.for('dev.trigger.ts.api')

/**
 * Import tasks as a machine of Trigger.dev does, and give what they registered and how to execute them. Through the places where the client
 * looks for its surroundings; its own worker brings a server's protocol with it.
 */
export async function loadTasks(importTasks) {
  const tasks = new Map()
  const queues = new Map()
  const metadata = new Map()
  globalThis[API] = {
    ...globalThis[API],
    'resource-catalog': { registerTaskMetadata: (task) => tasks.set(task.id, task), updateTaskMetadata: (id, change) => Object.assign(tasks.get(id), change), registerQueueMetadata: (queue) => queues.set(queue.name, queue) },
    'run-metadata': { set: (key, value) => metadata.set(key, value) },
  }
  await importTasks()
  return {
    tasks,
    queues,
    metadata,
    async execute(id, payload, { runId, environment = 'DEVELOPMENT', signal = new AbortController().signal }) {
      const { run, parsePayload = (given) => given } = tasks.get(id).fns
      return run(await parsePayload(payload), { ctx: { run: { id: runId }, environment: { type: environment } }, signal })
    },
  }
}
