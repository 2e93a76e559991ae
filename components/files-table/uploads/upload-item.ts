import type { ErrorView } from '@/lib/core/errors'
import type { BegunUploadView } from '@/lib/sources/upload-schema'
import type { SentFile } from './send-file'

/** A file of the list: waiting, on its way, arrived or failed. */
export interface UploadItem {
  key: string
  name: string
  bytes: number
  state: 'waiting' | 'sending' | 'finishing' | 'done' | 'failed'
  sent: number
  /** Bytes in a second over the last few; null while that is not known. */
  rate: number | null
  /** Where it is kept; null until the server made room for it. */
  place: BegunUploadView | null
  file: SentFile | null
  error: ErrorView | null
}

let items = 0

export function newItem(name: string, bytes: number): UploadItem {
  items += 1
  return { key: `upload-${items}`, name, bytes, state: 'waiting', sent: 0, rate: null, place: null, file: null, error: null }
}

export function isUnderWay({ state }: UploadItem): boolean {
  return state === 'waiting' || state === 'sending' || state === 'finishing'
}

export function sentFiles(all: UploadItem[]): SentFile[] {
  return all.flatMap(({ file }) => file ?? [])
}

const WINDOW_MS = 4_000

/** How fast bytes go, over the last few seconds. */
export class Pace {
  private marks: { at: number; bytes: number }[] = []

  rate(bytes: number, at = performance.now()): number | null {
    this.marks.push({ at, bytes })
    while (this.marks.length > 2 && at - (this.marks[0]?.at ?? at) > WINDOW_MS) this.marks.shift()
    const [first] = this.marks
    if (!first || at - first.at < 500) return null
    return Math.max(0, ((bytes - first.bytes) * 1000) / (at - first.at))
  }
}
