import type { FilesConnector } from '@/lib/connectors/contract'
import { AppError, toErrorView } from '@/lib/core/errors'
import type { FilesSettings } from '@/lib/core/files-settings'
import { previewFiles } from '@/lib/pipeline/files/preview'
import type { FilesPreview, FilesPreviewLine } from '../files-schema'
import { chosenType } from './chosen-type'
import { inWords } from './in-words'

export interface FilesOfTable {
  connector: FilesConnector
  /** Parsed by the connector's own schema. */
  config: unknown
  pattern: string
  settings: FilesSettings
}

/**
 * Check where the files of a table are, from the outside in, a line at a time, and then look at them. Nothing follows a step that
 * failed. A file that is not what it should be is no failure of the check: the preview says what is wrong with it.
 */
export async function* previewFilesTable(files: FilesOfTable, signal: AbortSignal): AsyncGenerator<FilesPreviewLine> {
  try {
    yield* linesOf(files, signal)
  } catch (error) {
    throw inWords(error, signal, files.connector.label)
  }
}

async function* linesOf({ connector, config, pattern, settings }: FilesOfTable, signal: AbortSignal): AsyncGenerator<FilesPreviewLine> {
  refusePattern(connector, config, pattern)
  for (const check of [() => connector.check(config, signal), () => connector.files.check(config, pattern, signal)]) {
    for await (const step of check()) {
      yield { kind: 'step', step }
      if (step.status === 'failed') return
    }
  }
  yield { kind: 'preview', preview: await look({ connector, config, pattern, settings }, signal) }
}

/** Throws what the connector says against a pattern, at the field where it was typed. */
export function refusePattern(connector: FilesConnector, config: unknown, pattern: string): void {
  try {
    connector.files.checkPattern(config, pattern)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, title, detail, advice, fields } = error
    throw new AppError(code, { title, detail, advice }, { fields: fields ?? { pattern: [title, detail, advice].filter(Boolean).join('. ') }, cause: error })
  }
}

async function look({ connector, config, pattern, settings }: FilesOfTable, signal: AbortSignal): Promise<FilesPreview> {
  const found = await previewFiles({ access: connector.files.open(config, pattern), settings, signal })
  return { ...found, columns: found.columns.map((column) => ({ ...column, chosenType: chosenType(settings, column.name) })), problem: found.problem && toErrorView(found.problem) }
}
