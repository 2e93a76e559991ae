import fs from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { RunTelemetry } from '@/lib/syncs/run-telemetry'
import type { Point, PointName } from './points'

/** What a client has written since its transaction began. */
const written = new WeakMap<pg.Client, Set<PointName>>()

const byStatement: [PointName, RegExp][] = [
  ['publish', /INSERT INTO ("public"\.)?"TableVersion"/],
  ['hold', /INSERT INTO ("public"\.)?"HeldVersion"/],
  ['checkpoint', /(INSERT INTO|UPDATE) ("public"\.)?"ReadCheckpoint"/],
  ['forget', /DELETE FROM ("public"\.)?"(TableFile|HeldVersion|SourceSchema|Source)"/],
]
const single: [PointName, RegExp][] = [
  ['claim', /has_place\(/],
  ['settle', /UPDATE "SyncRun" SET "status" = '(completed|failed|cancelled|queued)'/],
]

/** Counts the points that this process comes to, and stops it at the one that was ordered. Of the outside it wraps the driver of the database, the verbs that move files, and what a run tells of its steps. */
export class Stops {
  private wanted: Point | null = null
  private seen = 0

  constructor(private readonly database: () => string, private readonly stop: () => void) {
    this.wrapFiles()
    this.wrapDatabase()
    const { beginStep } = RunTelemetry.prototype
    const reach = (name: PointName, when: Point['when']) => this.reach(name, when)
    RunTelemetry.prototype.beginStep = function (step) {
      reach('step', 'before')
      return beginStep.call(this, step)
    }
  }

  arm(point: Point | null): void {
    this.wanted = point
    this.seen = 0
  }

  private reach(name: PointName, when: Point['when']): void {
    const { wanted } = this
    if (!wanted || wanted.at !== name || wanted.when !== when) return
    if (this.seen++ !== wanted.number) return
    this.wanted = null
    this.stop()
  }

  private async around<T>(names: PointName[], work: () => Promise<T>): Promise<T> {
    for (const name of names) this.reach(name, 'before')
    const result = await work()
    for (const name of names) this.reach(name, 'after')
    return result
  }

  private wrapFiles(): void {
    const { rename, rm } = fs
    const inWarehouse = (file: unknown) => String(file).includes(`${path.sep}warehouse${path.sep}`)
    Object.assign(fs, {
      rename: (...args: Parameters<typeof rename>) => this.around(inWarehouse(args[1]) ? ['put'] : [], () => rename(...args)),
      rm: (...args: Parameters<typeof rm>) => this.around(inWarehouse(args[0]) ? ['remove'] : [], () => rm(...args)),
    })
  }

  private wrapDatabase(): void {
    const query: (...args: unknown[]) => unknown = pg.Client.prototype.query
    const namesOf = (client: pg.Client, text: string) => this.namesOf(client, text)
    const reach = (name: PointName, when: Point['when']) => this.reach(name, when)
    Object.assign(pg.Client.prototype, {
      query(this: pg.Client, ...args: unknown[]): unknown {
        const names = namesOf(this, textOf(args[0]))
        for (const name of names) reach(name, 'before')
        const answer: unknown = Reflect.apply(query, this, args)
        if (answer instanceof Promise) answer.then(() => names.forEach((name) => reach(name, 'after')), () => {}) // whoever asked hears of a failure
        return answer
      },
    })
  }

  private namesOf(client: pg.Client, text: string): PointName[] {
    if (client.database !== this.database()) return ['read']
    if (text.startsWith('BEGIN')) written.set(client, new Set())
    const wrote = written.get(client)
    for (const [name, pattern] of byStatement) if (pattern.test(text)) wrote?.add(name)
    const committed = text.startsWith('COMMIT') ? [...(wrote ?? [])] : []
    return ['statement', ...committed, ...single.flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []))]
  }
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  return typeof query === 'object' && query !== null && 'text' in query && typeof query.text === 'string' ? query.text : ''
}
