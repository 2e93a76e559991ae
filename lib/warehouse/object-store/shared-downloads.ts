import fs from 'node:fs/promises'
import { throwIfStopped } from './stopped'

interface Shared {
  users: number
  stop: AbortController
  file: Promise<string>
}

/** What several readers of one process want at once is fetched once. It goes on as long as one of them wants it, and its file is there until all have taken it. */
export class SharedDownloads {
  private readonly underWay = new Map<string, Shared>()

  async use(key: string, signal: AbortSignal, start: (stop: AbortSignal) => Promise<string>, take: (file: string) => Promise<void>): Promise<void> {
    const shared = this.underWay.get(key) ?? this.begin(key, start)
    shared.users++
    try {
      await take(await orStopped(shared.file, signal))
    } finally {
      if (--shared.users === 0) await this.end(key, shared)
    }
  }

  private begin(key: string, start: (stop: AbortSignal) => Promise<string>): Shared {
    const stop = new AbortController()
    const shared = { users: 0, stop, file: start(stop.signal) }
    shared.file.catch(() => undefined) // those who wait for it hear of it
    this.underWay.set(key, shared)
    return shared
  }

  private async end(key: string, shared: Shared): Promise<void> {
    this.underWay.delete(key)
    shared.stop.abort()
    const file = await shared.file.catch(() => undefined)
    if (file) await fs.rm(file, { force: true })
  }
}

async function orStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (!signal.aborted) await Promise.race([promise, stopped])
    throwIfStopped(signal)
    return await promise
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
