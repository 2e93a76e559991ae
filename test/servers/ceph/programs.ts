import { accessSync, constants } from 'node:fs'
import path from 'node:path'

// setpriv ties the life of a daemon to its parent's
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin', 'setpriv']

/** The programs of Ceph that this machine lacks; with none missing, a gateway can be started. */
export function missingPrograms(): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return PROGRAMS.filter((program) => !folders.some((folder) => isProgram(path.join(folder, program))))
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false // not in this folder
  }
}
