import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { AppError } from '@/lib/core/errors'

export interface Account {
  user: string
  uid: number
  gid: number
}

/** The account that PostgreSQL runs as. It refuses uid 0, so that root needs another one; else undefined. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { user, uid: id('-u'), gid: id('-g') }
    } catch {
      // not an account of this machine: try the next
    }
  }
  throw new AppError('bad_config', {
    title: 'The embedded PostgreSQL cannot run as root',
    detail: 'Neither the account "postgres" nor "nobody" exists',
    advice: 'Run as another user, or set DATABASE_URL to a PostgreSQL of yours',
  })
}

/** Can this account walk into the folder? Every folder above must let it pass. */
export function canReach(folder: string, account: Account): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const stat = fs.statSync(at)
    const bit = stat.uid === account.uid ? 0o100 : stat.gid === account.gid ? 0o010 : 0o001
    if (!(stat.mode & bit)) return false
    if (at === path.dirname(at)) return true
  }
}
