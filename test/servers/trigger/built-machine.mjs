// node built-machine.mjs <bundle of a task> <id of the task> <payload>: execute a built task once, with what plain Node finds, and print its answer.
import { pathToFileURL } from 'node:url'
import { loadTasks } from './machine.mjs'

const [file, id, payload] = process.argv.slice(2)
const machine = await loadTasks(() => import(pathToFileURL(file).href))
const answer = await machine.execute(id, JSON.parse(payload), { runId: 'run_of_the_bundle' })
console.log(JSON.stringify({ answer, progress: machine.metadata.get('progress') }))
process.exit(0)
