import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { birthOf } from '../lib/core/process-birth.mjs'

function fileOf(data, name) {
  return path.join(data, 'run', `${name}.json`)
}

/** Remember a process of this data folder, so that a later start can find and end it. */
export function writePidFile(data, name, pid, url) {
  mkdirSync(path.join(data, 'run'), { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(data, name), JSON.stringify({ pid, birth: birthOf(pid), url }), { mode: 0o600 })
}

export function removePidFile(data, name) {
  rmSync(fileOf(data, name), { force: true })
}

/** The process that was remembered under the name, when it is alive and still the same one. */
export function livingProcess(data, name) {
  let known
  try {
    known = JSON.parse(readFileSync(fileOf(data, name), 'utf8'))
  } catch {
    return undefined // none, or the file of an interrupted write: nothing to find
  }
  return known.birth && birthOf(known.pid) === known.birth ? known : undefined
}

/** The running start of a data folder. */
export function livingServe(data) {
  return livingProcess(data, 'serve')
}
