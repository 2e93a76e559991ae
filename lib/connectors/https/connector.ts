import { z } from 'zod'
import type { CheckStep, FilesConnector } from '../contract'
import { checkObjects } from '../objects/check-objects'
import { PublicFiles } from './access'
import { HTTPS_EXAMPLE, parseAddresses } from './addresses'
import { HTTPS_INSTRUCTIONS } from './instructions'

const HttpsConfig = z.object({})
type HttpsConfig = z.output<typeof HttpsConfig>

/** Files that anybody can open: there is nothing to sign in to. */
export const https = {
  id: 'https',
  label: 'Public files (https)',
  group: 'self-managed',
  category: 'Files',
  description: 'CSV, JSON and Parquet files at public web addresses',
  config: HttpsConfig,
  instructions: HTTPS_INSTRUCTIONS,
  suggestName: () => 'Public files',
  check: checkNothing,
  discover: () => Promise.resolve([]),
  files: {
    patternExample: HTTPS_EXAMPLE,
    patternHelp: 'One address, or several, each on a line of its own. There are no wildcards: a web server does not list its files',
    isList: true,
    checkPattern: (_, pattern) => void parseAddresses(pattern),
    check: checkFiles,
    open: (_, pattern) => new PublicFiles(parseAddresses(pattern)),
  },
} satisfies FilesConnector<HttpsConfig>

async function* checkNothing(_: HttpsConfig, signal: AbortSignal): AsyncGenerator<CheckStep> {
  signal.throwIfAborted()
  yield { id: 'sign-in', label: 'Nothing to sign in to', status: 'ok', detail: 'The files themselves are checked with their tables' }
}

async function* checkFiles(_: HttpsConfig, pattern: string, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const files = new PublicFiles(parseAddresses(pattern))
  let isFine = true
  for await (const step of checkObjects(files, () => Promise.resolve(pattern), signal)) {
    isFine &&= step.status !== 'failed'
    yield step
  }
  if (isFine) yield* pageSteps(files)
}

/** A page where a file was meant is most often one to sign in at, or one that shows the file. */
function* pageSteps({ contentTypes }: PublicFiles): Generator<CheckStep> {
  const pages = [...contentTypes].filter(([, type]) => type === 'text/html' || type === 'application/xhtml+xml').map(([key]) => key)
  const step = { id: 'content', label: 'No web page' }
  if (pages.length === 0) return yield { ...step, status: 'ok' }
  const detail = `${pages.length === 1 ? pages[0] : `${pages.length} of them, such as ${pages[0]},`} is said to be a web page`
  yield {
    ...step,
    status: 'warning',
    detail,
    error: { code: 'source', title: 'This looks like a web page, not a file', detail, advice: 'Enter the address of the file itself: at GitHub the one behind “Raw”, at Dropbox the one that ends in dl=1', isRetryable: false },
  }
}
