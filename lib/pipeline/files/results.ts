import fs from 'node:fs/promises'
import type { ErrorView } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { manifestLine, type ManifestRow } from '@/lib/warehouse/manifest'
import type { StagedFile } from '../stage'
import type { Findings } from './found-columns'

/** What became of one object. `rows` of -1: it was gone before it could be read. */
export interface ObjectResult extends ManifestRow {
  address: string
  isNew: boolean
  setAside?: ErrorView
  /** The columns that it has, and what is to be known of it. */
  findings?: Findings
}

/** What became of the objects of a run so far. */
export interface ResultCounts {
  added: number
  replaced: number
  removed: number
  setAside: number
  unchanged: number
  rowsAdded: number
  rowsOfNew: number
}

/** What the reading of objects gave: on disk what grows with their number, in memory what people are told. */
export class Results {
  readonly files: StagedFile[] = []
  readonly setAside: { address: string; problem: ErrorView }[] = []
  readonly counts: ResultCounts = { added: 0, replaced: 0, removed: 0, setAside: 0, unchanged: 0, rowsAdded: 0, rowsOfNew: 0 }
  private constructor(
    readonly path: string,
    private readonly handle: fs.FileHandle,
  ) {}

  static async open(path: string): Promise<Results> {
    return new Results(path, await fs.open(path, 'w', 0o600))
  }

  async add(results: ObjectResult[], files: StagedFile[]): Promise<void> {
    this.files.push(...files)
    for (const result of results) this.count(result)
    await this.handle.writeFile(results.map(manifestLine).join(''))
  }

  /** What an interrupted read had: its objects are known to the engine, as `recorded`. */
  restore({ counts, setAside, files }: { counts: Partial<ResultCounts>; setAside: Results['setAside']; files: StagedFile[] }): void {
    Object.assign(this.counts, counts)
    this.setAside.push(...setAside)
    this.files.push(...files)
  }

  /** Their bytes are those of the former version: nothing is to be done. */
  addUnchanged(objects: number): void {
    this.counts.unchanged += objects
  }

  get isEmpty(): boolean {
    const { added, replaced, removed, setAside } = this.counts
    return added + replaced + removed + setAside === 0
  }

  async close(): Promise<void> {
    await this.handle.close()
  }

  private count({ address, isNew, rows, setAside }: ObjectResult): void {
    if (setAside) {
      this.counts.setAside++
      if (this.setAside.length < limits.files.namedProblems) this.setAside.push({ address, problem: setAside })
    } else if (rows < 0) this.counts.removed += isNew ? 0 : 1
    else {
      if (isNew) this.counts.rowsOfNew += rows
      this.counts[isNew ? 'added' : 'replaced']++
      this.counts.rowsAdded += rows
    }
  }
}
