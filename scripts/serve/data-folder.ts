import fs from 'node:fs'
import path from 'node:path'
import { dataFolder } from '@/lib/core/env'

/** The data folder, made with mode 0700 and proven to be writable; fails with the system's own error code. */
export function openDataFolder(): string {
  const data = dataFolder()
  fs.mkdirSync(data, { recursive: true, mode: 0o700 })
  const probe = path.join(data, `.probe-${process.pid}`)
  try {
    fs.writeFileSync(probe, Buffer.alloc(64 * 1024))
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path: data })
  } finally {
    fs.rmSync(probe, { force: true })
  }
  return data
}

/** A log file of this start, opened for appending; the one of the former start is kept beside it. */
export function openLog(data: string, name: string): { file: string; descriptor: number } {
  const folder = path.join(data, 'logs')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `${name}.log`)
  if (fs.existsSync(file)) fs.renameSync(file, path.join(folder, `${name}.1.log`))
  return { file, descriptor: fs.openSync(file, 'a', 0o600) }
}

/** The end of a log, for a person who must see why something ended. */
export function lastLines(file: string, count = 12): string {
  if (!fs.existsSync(file)) return ''
  const size = fs.statSync(file).size
  const bytes = Buffer.alloc(Math.min(size, 16 * 1024))
  const descriptor = fs.openSync(file, 'r')
  try {
    fs.readSync(descriptor, bytes, 0, bytes.length, size - bytes.length)
  } finally {
    fs.closeSync(descriptor)
  }
  return bytes.toString('utf8').trimEnd().split('\n').slice(-count).join('\n')
}
