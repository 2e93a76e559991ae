import fs from 'node:fs/promises'
import { isRecordable, recordLine } from '@/lib/warehouse/read-record'
import type { StagedFile } from '../stage'
import type { ObjectResult } from './results'

/** Objects that were read in one go, and what was staged of them. */
export interface ReadUnit {
  objects: ObjectResult[]
  files: StagedFile[]
  /** What was fetched for it. */
  bytes: number
}

/** The last numbers that were given, in all parts of a checkpoint. */
export interface RecordNumbers {
  lastUnit: number
  lastFindingsId: number
}

/** What was read between two checkpoints: the files, and the lines of the record that tell of them. */
export class CheckpointPart {
  readonly units: { unit: number; files: StagedFile[] }[] = []
  objects = 0
  /** Of the lines. */
  bytes = 0
  private lines: string[] = []
  private record: StagedFile | null = null
  /** By the findings that were written out: once in each part. */
  private readonly findingsIds = new Map<string, number>()

  constructor(private readonly numbers: RecordNumbers) {}

  add({ objects, files, bytes }: ReadUnit): void {
    // one that was gone is looked for again
    const there = objects.filter(({ rows }) => rows >= 0)
    const texts = there.map(({ findings }) => (findings ? JSON.stringify(findings) : null))
    if (!there.length || !texts.every((text) => text === null || this.findingsIds.has(text) || isRecordable(text))) return
    const unit = ++this.numbers.lastUnit
    for (const [index, object] of there.entries()) {
      const line = recordLine({ ...object, unit, fetched: index === 0 ? bytes : 0, ...this.findingsOf(texts[index] ?? null) })
      this.lines.push(line)
      this.bytes += line.length
    }
    this.objects += there.length
    this.units.push({ unit, files })
  }

  /** The lines as a file, which is written once. */
  async written(newPath: () => string): Promise<StagedFile> {
    if (this.record) return this.record
    const path = newPath()
    await fs.writeFile(path, this.lines.join(''), { mode: 0o600 })
    this.lines = []
    this.record = { path, rows: this.objects }
    return this.record
  }

  private findingsOf(text: string | null): { findingsId: number | null; findings: string | null } {
    const known = text === null ? undefined : this.findingsIds.get(text)
    if (text === null || known !== undefined) return { findingsId: known ?? null, findings: null }
    const findingsId = ++this.numbers.lastFindingsId
    this.findingsIds.set(text, findingsId)
    return { findingsId, findings: text }
  }
}
