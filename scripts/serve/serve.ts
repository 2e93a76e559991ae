import path from 'node:path'
import { env, projectFolder, setEnv } from '@/lib/core/env'
import { sessionSecret } from '@/lib/core/secret-box'
import { openDatabase } from '@/lib/db/open-database'
import { WORKER_NODE_OPTIONS, workerEnvironment } from '@/worker/process-options'
import { removePidFile, writePidFile } from '../pid-file.mjs'
import { buildPages } from './build'
import { Child, type ChildPlan } from './child'
import { claimDataFolder } from './claim'
import { openDataFolder } from './data-folder'
import { choosePort, urlOf } from './port'
import { outsideLine } from './runs-outside'
import { waitForPage } from './wait-for-page'
import { watchDatabase } from './watch-database'

const WORKER_END_SECONDS = 10
const WEB_END_SECONDS = 4

const say = (words: string) => console.log(words)

export interface ServePlan {
  isDev: boolean
  /** Runs once the database is open and before the pages start. */
  afterDatabase?: () => Promise<void>
}

/** `npm start`: database, pages and worker under one roof, begun and ended in order. */
export class Serve {
  private readonly ending = new AbortController()
  /** What must be undone, newest last. */
  private readonly closers: (() => Promise<void> | void)[] = []
  private readonly children: Child[] = []

  constructor(private readonly plan: ServePlan) {}

  /** Resolves when everything has ended after a signal; throws when it could not start. */
  async run(): Promise<void> {
    const signalled = this.onSignal()
    const starting = this.start()
    try {
      await starting
      await signalled
    } catch (error) {
      if (!this.ending.signal.aborted) throw error
    } finally {
      await this.close()
    }
    process.exit(0)
  }

  private onSignal(): Promise<void> {
    return new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        process.on(signal, () => {
          if (this.ending.signal.aborted) return this.endNow(signal)
          say('Ending: the worker lets go of its runs, then the pages and the database close')
          this.ending.abort()
          resolve()
        })
      }
    })
  }

  /** A second Ctrl-C does not wait; the runs that were cut are taken over by the next start. */
  private endNow(signal: string): void {
    if (signal === 'SIGHUP') return // a closing terminal may repeat itself
    for (const child of this.children) child.kill()
  }

  private async start(): Promise<void> {
    const { HOST, PORT } = env()
    const outside = outsideLine()
    const data = openDataFolder()
    await claimDataFolder(data, say)
    this.closers.push(() => removePidFile(data, 'serve'))
    const port = await choosePort(HOST, PORT)
    const url = urlOf(HOST, port)
    const isEmbedded = !env().DATABASE_URL
    const database = await openDatabase(say)
    this.closers.push(() => database.close())
    this.ending.signal.throwIfAborted()
    await this.plan.afterDatabase?.()
    if (!this.plan.isDev) await buildPages(data, say, this.ending.signal)
    this.ending.signal.throwIfAborted()

    setEnv({ TRIBUTARY_DATA: data, HOST, PORT: String(port), NEXTAUTH_URL: env().NEXTAUTH_URL ?? url, NEXTAUTH_SECRET: sessionSecret() })
    if (isEmbedded) this.closers.push(watchDatabase(database.url, say, (changed) => this.restartChildren(changed)))
    await this.startChildren(data, HOST, port, url)
    if (outside) say(outside)
  }

  private async startChildren(data: string, host: string, port: number, url: string): Promise<void> {
    const next = path.join(projectFolder(), 'node_modules/next/dist/bin/next')
    const environment = { ...process.env, NODE_ENV: this.plan.isDev ? 'development' : 'production' } as NodeJS.ProcessEnv
    say(this.plan.isDev ? 'Starting the pages for development' : 'Starting the pages')
    const web = this.startChild({ name: 'web', args: [next, this.plan.isDev ? 'dev' : 'start', '-H', host, '-p', String(port)], environment, data, endSeconds: WEB_END_SECONDS })
    await waitForPage(url, web, this.ending.signal)
    // after the first page: on a small machine the two would only slow each other down
    this.startChild({ name: 'worker', args: [...WORKER_NODE_OPTIONS, '--import', 'tsx', 'worker/main.ts'], environment: workerEnvironment(environment), data, endSeconds: WORKER_END_SECONDS })
    writePidFile(data, 'serve', process.pid, url)
    say(`Tributary is ready: ${url}`)
  }

  /** Closed in the opposite order: the worker drains while the pages still answer. */
  private startChild(plan: ChildPlan): Child {
    const child = new Child(plan, say)
    this.children.push(child)
    this.closers.push(() => child.end())
    child.start()
    return child
  }

  private async restartChildren(databaseUrl: string): Promise<void> {
    setEnv({ DATABASE_URL: databaseUrl })
    await Promise.all(this.children.map((child) => child.restartWith({ DATABASE_URL: databaseUrl })))
  }

  private async close(): Promise<void> {
    for (const close of this.closers.reverse()) {
      try {
        await close()
      } catch (error) {
        console.error(`While ending: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
}
