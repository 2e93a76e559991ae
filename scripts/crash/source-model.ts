import { Random } from '../simulate/random'
import type { ChangeKind, History } from './generate'

/** A row as texts, by column; null is NULL. */
export interface Row {
  id: string
  part: string
  code: string
  rev: string
  /** In microseconds. */
  changed_at: string
  amount: string | null
  flag: string | null
  born: string | null
  note: string | null
}

export const columns = ['id', 'part', 'code', 'rev', 'changed_at', 'amount', 'flag', 'born', 'note'] as const

/** What a transaction does. */
export interface Change {
  kind: ChangeKind
  deleted: Row[]
  written: Row[]
}

/** Rows as texts by key. */
export type Table = ReadonlyMap<string, string>

/** Long before any clock that could be asked, so that no key is of the future. */
const BASE_US = Date.UTC(2020, 0, 1) * 1_000
/** So far apart that a look-back of ten minutes hides little of what a wrong cursor would lose. */
const STEP_US = 60_000_000
const odd = ['', 'NULL', '\\N', 'a,b', 'says "no"', "it's", 'two\nlines', 'back\\slash\\', ' spaces ', 'tab\there', 'ümläut', '日本', '😀 and 👩‍👩‍👧', '\r\n', '\u00a0', '"', '""', '%s; DROP', '\u2028', 'é vs é']

export const keyOf = ({ key }: Pick<History, 'key'>, { id, part, code }: Row): string => (key === 'id' ? id : key === 'code' ? code : `${part}/${id}`)

export const textOf = (row: Row): string => JSON.stringify(columns.map((column) => row[column]))

/** What the source holds: the whole of it, in memory, and known without asking anybody. */
export class SourceModel {
  private readonly rows = new Map<string, Row>()
  /** In transactions that are still open. */
  private readonly late: Row[] = []
  private readonly random: Random
  private next = 0
  private rev = 0

  constructor(private readonly history: Pick<History, 'seed' | 'key' | 'rows' | 'isWide'>) {
    this.random = new Random(history.seed ^ 0x5eed)
  }

  /** The rows of the beginning. */
  fill(): Change {
    return this.done({ kind: 'insert', deleted: [], written: Array.from({ length: this.history.rows }, () => this.newRow()) })
  }

  table(): Table {
    return new Map([...this.rows].map(([key, row]) => [key, textOf(row)]))
  }

  get hasLate(): boolean {
    return this.late.length > 0
  }

  change(kind: ChangeKind): Change {
    const some = () => this.pick(1 + this.random.below(Math.max(1, Math.ceil(this.rows.size / 20))))
    const most = () => this.pick(Math.ceil(this.rows.size * 0.6))
    switch (kind) {
      case 'insert':
        return this.done({ kind, deleted: [], written: Array.from({ length: 1 + this.random.below(20) }, () => this.newRow()) })
      case 'insert late': {
        const written = Array.from({ length: 1 + this.random.below(5) }, () => this.newRow())
        this.late.push(...written)
        return { kind, deleted: [], written }
      }
      case 'update':
        return this.done({ kind, deleted: [], written: some().map((row) => this.changed(row)) })
      case 'update most':
        return this.done({ kind, deleted: [], written: most().map((row) => this.changed(row)) })
      case 'update quietly':
        return this.done({ kind, deleted: [], written: some().map((row) => ({ ...row, note: `quietly ${this.random.below(1_000_000)}` })) })
      case 'delete':
        return this.done({ kind, deleted: some(), written: [] })
      case 'delete most':
        return this.done({ kind, deleted: most(), written: [] })
      case 'empty':
        return this.done({ kind, deleted: [...this.rows.values()], written: [] })
      case 'change keys': {
        const before = some()
        return this.done({ kind, deleted: before, written: before.map((row) => ({ ...this.changed(row), ...this.newKey() })) })
      }
    }
  }

  /** The open transactions are committed. */
  commitLate(): void {
    for (const row of this.late.splice(0)) this.rows.set(keyOf(this.history, row), row)
  }

  private done(change: Change): Change {
    for (const row of change.deleted) this.rows.delete(keyOf(this.history, row))
    for (const row of change.written) this.rows.set(keyOf(this.history, row), row)
    return change
  }

  private pick(count: number): Row[] {
    const rows = [...this.rows.values()]
    for (let at = 0; at < Math.min(count, rows.length); at++) {
      const other = at + this.random.below(rows.length - at)
      ;[rows[at], rows[other]] = [rows[other]!, rows[at]!] // both are below its length
    }
    return rows.slice(0, count)
  }

  private newKey(): Pick<Row, 'id' | 'part' | 'code'> {
    const number = this.next++
    const isDouble = this.history.key === 'part and id'
    return { id: String(isDouble ? Math.floor(number / 3) : number), part: String(number % 3), code: `${odd[number % odd.length]}${number}` }
  }

  private newRow(): Row {
    return this.changed({ ...this.newKey(), rev: '0', changed_at: '0', amount: null, flag: null, born: null, note: null })
  }

  private changed(row: Row): Row {
    const rev = ++this.rev
    const { random } = this
    const maybe = (value: () => string) => (random.next() < 0.15 ? null : value())
    const note = () => `${odd[random.below(odd.length)]}${'x'.repeat(random.below(this.history.isWide ? 300 : 30))}${odd[random.below(odd.length)]}`
    return {
      ...row,
      rev: String(rev),
      changed_at: String(BASE_US + rev * STEP_US),
      amount: maybe(() => (random.below(2_000_000_000) / 1_000 - 1_000_000).toFixed(3).replace(/^-(0\.000)$/, '$1')),
      flag: maybe(() => String(random.next() < 0.5)),
      born: maybe(() => new Date(Date.UTC(1900 + random.below(200), random.below(12), 1 + random.below(28))).toISOString().slice(0, 10)),
      note: maybe(note),
    }
  }
}
