import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { logger } from '@/lib/core/logger'
import { fileDigest } from './digest'

/** Of the limit; so much less than it is left after files had to go, so that it is not looked for room again at once. */
const ROOM_PART = 0.1
/** What other processes have added meanwhile is looked up after so long, and whenever this one has added so much of the limit. */
const TRUSTED_MS = 60_000
const TRUSTED_PART = 0.05
/** A file that was used a moment ago is not marked as used again. */
const USE_EVERY_MS = 60_000
/** A download that nothing was written to for so long is a dead process’s. */
const DEAD_MS = 60 * 60_000
/** Every file is read through once in so many hours, some of them each hour. */
const SCRUB_HOURS = 7 * 24
const SHARD = /^[0-9a-f]{2}$/

interface Entry {
  file: string
  bytes: number
  usedMs: number
}

/**
 * Files of the bucket on this machine: bounded, the least recently used go first, and shared by every process that has this data folder, with no lock and nobody in charge.
 *
 * - An entry is immutable and appears whole, by a rename or a link.
 * - A reader never reads an entry itself but a link of its own to it, in a folder of its own. Taking an entry away takes away its name; the bytes stay until the last reader has let go.
 * - An entry’s time of modification is its seal: a number made of its SHA-256, set once the file is known to be whole. Whoever writes to the file breaks the seal. One look at a file
 *   tells its length and its seal, so that a damaged one is noticed before it is used. What decays on the disk without being written to is found when all of it is read through, once a week.
 */
export class FileCache {
  private total: { bytes: number; atMs: number; added: number } | undefined
  private turn = Promise.resolve()

  constructor(
    private readonly folder: string,
    private readonly limitBytes: number,
  ) {}

  /** Link an entry to a new place, on the same disk. False when there is none that is whole. */
  async link(name: string, bytes: number, target: string): Promise<boolean> {
    const entry = this.placeOf(name)
    try {
      await linkFile(entry, target)
      const found = await fs.stat(target)
      if (found.size === bytes && hasSeal(found)) {
        if (Date.now() - found.atimeMs > USE_EVERY_MS) await fs.utimes(target, new Date(), found.mtime)
        return true
      }
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
    logger('storage').warn({ file: entry }, 'a file of the cache is damaged and is fetched again')
    await fs.rm(target, { force: true })
    await fs.rm(entry, { force: true })
    return false
  }

  /** The path of a new file to be filled, on the disk of the cache. */
  async newFile(): Promise<string> {
    const folder = path.join(this.folder, 'incoming')
    await fs.mkdir(folder, { recursive: true, mode: 0o700 })
    return path.join(folder, `${randomUUID()}.part`)
  }

  /** Keep a whole file, which stays where it is too. Nobody may write to it from now on. */
  async keep(file: string, name: string, bytes: number, sha256: string): Promise<void> {
    await seal(file, sha256)
    if (bytes > this.limitBytes) return
    await this.inTurn(() => this.add(file, name, bytes))
  }

  private async add(file: string, name: string, bytes: number): Promise<void> {
    await this.letGo(bytes)
    const entry = this.placeOf(name)
    await fs.mkdir(path.dirname(entry), { recursive: true, mode: 0o700 })
    await linkFile(file, entry)
    if (this.total) {
      this.total.bytes += bytes
      this.total.added += bytes
    }
  }

  async remove(name: string): Promise<void> {
    await fs.rm(this.placeOf(name), { force: true })
  }

  /** Let the least recently used go until so many bytes fit in. */
  makeRoom(bytes: number): Promise<void> {
    return this.inTurn(() => this.letGo(bytes))
  }

  /** One after the other: of two files that were given the same room, one would be over the limit. Each other process can be over it by the one file that it is adding. */
  private inTurn(change: () => Promise<void>): Promise<void> {
    this.turn = this.turn.then(change, change)
    return this.turn
  }

  /** Let everything go that nobody reads. */
  empty(): Promise<void> {
    return this.makeRoom(Infinity)
  }

  private async letGo(bytes: number): Promise<void> {
    const { total, limitBytes } = this
    const isKnown = total && Date.now() - total.atMs < TRUSTED_MS && total.added < limitBytes * TRUSTED_PART
    if (isKnown && total.bytes + bytes <= limitBytes) return
    const entries = await this.entries()
    let left = entries.reduce((sum, entry) => sum + entry.bytes, 0)
    if (left + bytes > limitBytes) {
      const wanted = Math.max(0, limitBytes * (1 - ROOM_PART) - bytes)
      for (const entry of entries.sort((a, b) => a.usedMs - b.usedMs)) {
        if (left <= wanted) break
        await fs.rm(entry.file, { force: true })
        left -= entry.bytes
      }
    }
    this.total = { bytes: left, atMs: Date.now(), added: 0 }
  }

  /** Remove what dead processes left, and read some of the files through. */
  async sweep(now = Date.now()): Promise<void> {
    const incoming = path.join(this.folder, 'incoming')
    for (const name of await namesIn(incoming)) {
      const file = path.join(incoming, name)
      const found = await statOf(file)
      if (found && now - found.ctimeMs > DEAD_MS) await fs.rm(file, { force: true })
    }
    const hour = Math.floor(now / 3_600_000) % SCRUB_HOURS
    await this.scrub((shard) => Math.floor((Number.parseInt(shard, 16) * SCRUB_HOURS) / 256) === hour)
    await this.makeRoom(0)
  }

  /** Read files through, and let those go that have decayed. */
  async scrub(isWanted: (shard: string) => boolean = () => true): Promise<void> {
    for (const shard of (await namesIn(this.folder)).filter((name) => SHARD.test(name) && isWanted(name))) {
      for (const name of await namesIn(path.join(this.folder, shard))) {
        const file = path.join(this.folder, shard, name)
        const found = await statOf(file)
        if (!found) continue
        const sha256 = await fileDigest(file).catch((error: unknown) => (isMissing(error) ? null : 'unreadable'))
        if (sha256 === null || isSealedBy(found, sha256)) continue
        logger('storage').warn({ file }, 'a file of the cache has decayed and will be fetched again')
        await fs.rm(file, { force: true })
      }
    }
  }

  private async entries(): Promise<Entry[]> {
    const entries: Entry[] = []
    for (const shard of (await namesIn(this.folder)).filter((name) => SHARD.test(name))) {
      for (const name of await namesIn(path.join(this.folder, shard))) {
        const file = path.join(this.folder, shard, name)
        const found = await statOf(file)
        if (found) entries.push({ file, bytes: found.size, usedMs: found.atimeMs })
      }
    }
    return entries
  }

  private placeOf(name: string): string {
    return path.join(this.folder, name.slice(0, 2), name)
  }
}

/** File systems without hard links, or with too many to one file: a copy is as good, and costs room. */
const NO_LINK = ['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** Give a file a second name; one that is there already is of the same bytes. */
export async function linkFile(from: string, to: string): Promise<void> {
  try {
    await fs.link(from, to)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'EEXIST') return
    if (!NO_LINK.includes(code)) throw error
    const draft = `${to}.${randomUUID()}.part`
    const { atime, mtime } = await fs.stat(from)
    await fs.copyFile(from, draft, constants.COPYFILE_FICLONE)
    await fs.utimes(draft, atime, mtime)
    await fs.rename(draft, to)
  }
}

/** Seals are whole seconds of the years 1970 to 1987, when nobody wrote to a file of ours. */
const SEALS = 2 ** 29

function sealOf(sha256: string): number {
  return 1 + (Number.parseInt(sha256.slice(0, 8), 16) % (SEALS - 1))
}

async function seal(file: string, sha256: string): Promise<void> {
  await fs.chmod(file, 0o444)
  await fs.utimes(file, Date.now() / 1000, sealOf(sha256))
}

function hasSeal({ mtimeMs }: Stats): boolean {
  const seconds = mtimeMs / 1000
  return Number.isInteger(seconds) && seconds >= 1 && seconds < SEALS
}

function isSealedBy(found: Stats, sha256: string): boolean {
  return sha256 !== 'unreadable' && found.mtimeMs === sealOf(sha256) * 1000
}

async function namesIn(folder: string): Promise<string[]> {
  return fs.readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
}

/** Undefined: another process let it go a moment ago. */
async function statOf(file: string): Promise<Stats | undefined> {
  return fs.stat(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
