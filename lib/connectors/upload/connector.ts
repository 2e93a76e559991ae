import { z } from 'zod'
import { formatQuantity } from '@/lib/core/format'
import { AppError, toErrorView } from '@/lib/core/errors'
import { stopped } from '../stopped'
import type { CheckStep, FilesConnector } from '../contract'
import { checkObjects } from '../objects/check-objects'
import { UploadedFiles } from './access'
import { FolderId } from './folder'
import { UPLOAD_INSTRUCTIONS } from './instructions'
import { listKept } from './kept-files'
import { parseNames } from './name-pattern'

const UploadConfig = z.object({
  folder: FolderId.meta({ label: 'Folder', help: 'Where the uploaded files are kept', control: 'hidden' }),
})
type UploadConfig = z.output<typeof UploadConfig>

const NAMED = 5

/** Files that people put here by hand. */
export const upload = {
  id: 'upload',
  label: 'File upload',
  group: 'self-managed',
  category: 'Files',
  description: 'CSV, JSON, Parquet or Excel files from your computer, up to 2 GB each',
  config: UploadConfig,
  instructions: UPLOAD_INSTRUCTIONS,
  suggestName: () => 'Uploaded files',
  check: checkFolder,
  discover: () => Promise.resolve([]),
  files: {
    byHand: true,
    patternExample: '*',
    patternHelp: 'The names of the uploaded files that make the table: * stands for anything, | separates several',
    checkPattern: (_, pattern) => void parseNames(pattern),
    check: (config, pattern, signal) => checkObjects(open(config, pattern), () => near(config), signal),
    open,
  },
} satisfies FilesConnector<UploadConfig>

function open({ folder }: UploadConfig, pattern: string): UploadedFiles {
  return new UploadedFiles(folder, parseNames(pattern))
}

async function* checkFolder({ folder }: UploadConfig, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const step = { id: 'folder', label: 'Uploaded files found' }
  try {
    const end = stopped(signal, 'The check')
    if (end) throw end
    const files = await listKept(folder)
    if (files.length === 0) throw new AppError('not_found', { title: 'No file is uploaded yet', advice: 'Upload one; it must have arrived whole' })
    yield { ...step, status: 'ok', detail: formatQuantity(files.length, 'file') }
  } catch (error) {
    const view = toErrorView(error)
    yield { ...step, status: 'failed', detail: view.title, error: view }
  }
}

async function near({ folder }: UploadConfig): Promise<string> {
  const names = (await listKept(folder)).map(({ name }) => name)
  if (names.length === 0) return 'No file is uploaded'
  return `There are ${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`
}
