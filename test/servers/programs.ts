import { accessSync, constants } from 'node:fs'
import path from 'node:path'

/** Those that this machine lacks. */
export function missingOf(programs: string[]): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return programs.filter((program) => !folders.some((folder) => isProgram(path.join(folder, program))))
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // not in this folder
  }
}
