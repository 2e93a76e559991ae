import type { Bookmark, RowsBatch, SourceColumn } from '@/lib/connectors/contract'
import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import type { Removal } from '@/lib/db/read-checkpoints'
import type { StageFormat } from '@/lib/warehouse/stage-file'
import { comparableText } from '@/lib/core/comparable-text'
import { checkpointEveryMs } from './checkpoint-pace'
import { rowsToCsv } from './rows-to-csv'
import type { Stager } from './stage'
import { requestColumns } from './stage'

/** How far a read has come: everything that the bookmark covers is staged. */
export interface ReadProgress {
  bookmark: Bookmark
  removals: Removal[]
  /** Fields that are no columns. */
  unknown: string[]
  rows: number
  bytes: number
}

export interface RowsOptions {
  /** The names upstream of the columns that tell rows apart. */
  keys: string[]
  /** What an interrupted read had found already. */
  before: Pick<ReadProgress, 'removals' | 'unknown'> | null
  checkpointSeconds: number
  /** Saves how far the read has come; called once everything before it is staged. */
  keep(progress: ReadProgress): Promise<void>
}

/** The values in the open file of columns that tell rows apart. */
interface Seen {
  names: string[]
  /** As `comparableText` has them; one that only the engine can compare as it came. */
  values: Set<string>
  /** Is there one that only the engine can compare? */
  isUnsure: boolean
}

interface ComparableValue {
  text: string
  isSure: boolean
}

/**
 * Step 3 for an API's objects. Cuts staged files so that no key comes twice in one, which makes the number of a file tell the
 * order of reading: rows inside a file have none. A removal takes the rows of every file before the one that is open.
 */
export class RowsStager {
  readonly removals: Removal[]
  readonly unknown: Set<string>
  /** Of the last batch. */
  bookmark: Bookmark | undefined
  private readonly columns
  private readonly began = performance.now()
  private lastKept = performance.now()
  /** The values in the open file, by the columns that tell rows apart: of the key, and of what removals name. */
  private readonly seen = new Map<string, Seen>()
  private readonly byName: ReadonlyMap<string, SourceColumn>

  constructor(
    private readonly stager: Stager,
    private readonly format: StageFormat,
    private readonly options: RowsOptions,
  ) {
    this.columns = requestColumns(format)
    this.byName = new Map(this.columns.map((column) => [column.name, column]))
    this.removals = [...(options.before?.removals ?? [])]
    this.unknown = new Set(options.before?.unknown)
    if (options.keys.length) this.track(options.keys)
  }

  /** @param totals of the whole read, this batch included. */
  async add(batch: RowsBatch, totals: { rows: number; bytes: number }): Promise<void> {
    await this.remove(batch.removals)
    for (const rows of this.withoutRepeats(batch.rows)) {
      if (rows === 'cut') await this.cut()
      else await this.write(rows)
    }
    this.bookmark = batch.bookmark
    if (batch.bookmark && this.isDue()) await this.keep(batch.bookmark, totals)
    else if (this.stager.openBytes >= limits.checkpointBytes) await this.cut()
  }

  private async write(rows: Record<string, unknown>[]): Promise<void> {
    if (!rows.length) return
    const { text, unknown } = rowsToCsv(rows, this.columns, this.format.isOpen === true)
    for (const name of unknown) this.unknown.add(name)
    if (this.unknown.size > limits.foundColumns) throw tooManyFields(this.unknown.size)
    await this.stager.add({ bytes: Buffer.from(text), rows: rows.length }, { hasUnknown: unknown.length > 0 })
  }

  private async remove(removals: Record<string, string>[]): Promise<void> {
    for (const match of removals) {
      const names = Object.keys(match).sort()
      const isNew = !this.seen.has(names.join())
      // of a column that was not watched so far nobody knows whether the open file has the value
      if (this.stager.openRows > 0 && (isNew || this.mayHave(this.track(names), match))) await this.cut()
      this.track(names)
      this.removals.push({ match, before: this.stager.nextFile })
    }
  }

  /** The rows in runs that fit into the open file, and a cut before each that does not. */
  private *withoutRepeats(rows: Record<string, unknown>[]): Generator<Record<string, unknown>[] | 'cut'> {
    const keys = this.options.keys.length ? this.track(this.options.keys) : null
    let fitting: Record<string, unknown>[] = []
    for (const row of rows) {
      const key = keys && this.valueOf(row, keys.names)
      if (keys && key && keys.values.has(key.text)) {
        yield fitting
        fitting = []
        yield 'cut'
      }
      fitting.push(row)
      for (const seen of this.seen.values()) note(seen, seen === keys && key ? key : this.valueOf(row, seen.names))
    }
    yield fitting
  }

  /** The engine compares values, not their texts: what only it can tell may be there. */
  private mayHave({ names, values, isUnsure }: Seen, match: Record<string, string>): boolean {
    const { text, isSure } = this.valueOf(match, names)
    return isUnsure || !isSure || values.has(text)
  }

  private valueOf(row: Record<string, unknown>, names: string[]): ComparableValue {
    const texts = names.map((name) => comparableText(row[name], this.byName.get(name)) ?? { unsure: String(row[name]) })
    return { text: texts.length === 1 && typeof texts[0] === 'string' ? texts[0] : JSON.stringify(texts), isSure: texts.every((text) => typeof text === 'string') }
  }

  private track(names: string[]): Seen {
    const key = [...names].sort().join()
    const known = this.seen.get(key) ?? { names: [...names].sort(), values: new Set<string>(), isUnsure: false }
    this.seen.set(key, known)
    return known
  }

  private async cut(): Promise<void> {
    await this.stager.hand()
    for (const seen of this.seen.values()) {
      seen.values.clear()
      seen.isUnsure = false
    }
  }

  private isDue(): boolean {
    const now = performance.now()
    return now - this.lastKept >= checkpointEveryMs(this.options.checkpointSeconds, now - this.began) || this.stager.openBytes >= limits.checkpointBytes
  }

  private async keep(bookmark: Bookmark, totals: { rows: number; bytes: number }): Promise<void> {
    const progress: ReadProgress = { bookmark, removals: [...this.removals], unknown: [...this.unknown], ...totals }
    await this.cut()
    this.stager.afterwards(() => this.options.keep(progress))
    this.lastKept = performance.now()
  }
}

function note(seen: Seen, { text, isSure }: ComparableValue): void {
  seen.values.add(text)
  if (!isSure) seen.isUnsure = true
}

function tooManyFields(count: number): AppError {
  return new AppError('source', {
    title: 'The objects of this schema have too many fields of their own',
    detail: `${count} fields were found that are not known, and at most ${limits.foundColumns} become columns`,
    advice: 'Choose the columns to sync; the others are then left out',
  })
}
