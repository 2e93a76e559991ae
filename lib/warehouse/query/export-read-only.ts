import { copyFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { untilEnded } from '@/lib/core/ending'
import { limits } from '@/lib/core/limits'
import type { ExportWork } from './messages'
import { QueryError } from './query-error'
import { withQueryProcess } from './query-queue'
import { converse } from './converse'
import { sandboxOf } from './run-read-only'
import type { ExportFormat, NamedTable, TableCatalogue } from './types'

const EXPORT_SECONDS = 15 * 60
const EXPORT_BYTES_MAX = 20 * 1024 ** 3
const WATCH_EVERY_MS = 250

export interface ExportOptions {
  signal?: AbortSignal
  queueKey?: string
  /** CSV only: put `'` before text that a spreadsheet would run as a formula. */
  guardsFormulas?: boolean
}

/**
 * Write the whole result of one SELECT into `outputFile` (made new; up to `limits.exportRows` rows). The query's process writes
 * into its own folder; only a finished file is moved to where it was asked for. Throws as `runReadOnly` does.
 */
export async function exportReadOnly(tables: NamedTable[] | TableCatalogue, sql: string, format: ExportFormat, outputFile: string, options: ExportOptions = {}): Promise<{ rows: number; bytes: number }> {
  const file = `result.${format}`
  const work: ExportWork = { kind: 'export', format, file, rowLimit: limits.exportRows, guardsFormulas: options.guardsFormulas ?? false }
  const signal = untilEnded(options.signal)
  return withQueryProcess(options.queueKey ?? '', signal, async (child) => {
    const written = path.join(child.folder, file)
    let isTooLarge = false
    const watch = setInterval(() => {
      sizeOf(written).then((bytes) => {
        if (bytes <= EXPORT_BYTES_MAX) return
        isTooLarge = true
        child.kill('done')
      }, () => child.kill('done'))
    }, WATCH_EVERY_MS)
    try {
      const { rows } = await converse(child, sandboxOf(tables), sql, work, EXPORT_SECONDS, signal, () => {})
      const bytes = await sizeOf(written)
      await move(written, outputFile)
      return { rows, bytes }
    } catch (error) {
      if (isTooLarge) throw new QueryError('query', { title: 'The result is larger than an export may be', detail: 'An export has 20 GB at most', advice: 'Export it in parts, or as Parquet' })
      throw error
    } finally {
      clearInterval(watch)
    }
  })
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    // not begun yet
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    await copyFile(from, to)
  }
}
