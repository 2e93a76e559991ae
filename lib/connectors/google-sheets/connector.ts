import { AppError, toErrorView } from '@/lib/core/errors'
import { FilesSettings } from '@/lib/core/files-settings'
import type { CheckStep, DiscoveredSchema, FilesConnector, Location } from '../contract'
import { resolveAllowedAll } from '../egress'
import { checkObjects } from '../objects/check-objects'
import { WorksheetObject } from './access'
import { SheetsConfig } from './config'
import { SHEETS_INSTRUCTIONS } from './instructions'
import { GOOGLE, Workbook, type SheetsPlaces } from './workbook'

const CHECK_SECONDS = 60

/** The worksheets of a spreadsheet, each of them a table. @param places where Google is */
export function sheetsConnector(places: SheetsPlaces = GOOGLE) {
  return {
    id: 'google-sheets',
    label: 'Google Sheets',
    group: 'self-managed',
    category: 'Files',
    description: 'The worksheets of a spreadsheet, each of them a table',
    config: SheetsConfig,
    instructions: SHEETS_INSTRUCTIONS,
    suggestName: () => 'Google Sheets',
    check: (config, signal) => checkSheets(config, places, signal),
    discover: (config, signal, only) => discoverSheets(config, places, signal, only),
    files: {
      patternExample: '0',
      patternHelp: 'The number behind gid= in the address of the worksheet',
      ownTables: { settings: FilesSettings.parse({ format: 'csv', csv: { header: true } }) },
      checkPattern: (_, pattern) => void gidOf(pattern),
      check: (config, pattern, signal) => checkObjects(new WorksheetObject(config, gidOf(pattern), places), () => Promise.resolve(pattern), signal),
      open: (config, pattern) => new WorksheetObject(config, gidOf(pattern), places),
    },
  } satisfies FilesConnector<SheetsConfig>
}

export const googleSheets = sheetsConnector()

function gidOf(pattern: string): string {
  if (/^\d{1,10}$/.test(pattern)) return pattern
  throw new AppError('invalid', { title: 'This is no worksheet', detail: `“${pattern.slice(0, 80)}” is not the number of one`, advice: 'Choose one of the worksheets of the spreadsheet' })
}

async function* checkSheets(config: SheetsConfig, places: SheetsPlaces, stop: AbortSignal): AsyncGenerator<CheckStep> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(CHECK_SECONDS * 1000)])
  const step = { id: 'address', label: 'Address found' }
  try {
    signal.throwIfAborted()
    const addresses = await resolveAllowedAll(new URL(places.docs).hostname)
    yield { ...step, status: 'ok', detail: addresses.map(({ address }) => address).join(', ') }
    Object.assign(step, { id: 'sheets', label: 'Worksheets found' })
    yield { ...step, ...(await worksheetStep(config, places, signal)) }
  } catch (error) {
    const view = toErrorView(error)
    yield { ...step, status: 'failed', detail: view.title, error: view }
  }
}

async function worksheetStep(config: SheetsConfig, places: SheetsPlaces, signal: AbortSignal): Promise<Pick<CheckStep, 'status' | 'detail'>> {
  const workbook = new Workbook(config, places)
  try {
    const { title, worksheets, isWhole } = await workbook.contents(signal)
    const names = worksheets.slice(0, 5).map((worksheet) => worksheet.title).join(', ')
    const detail = `${title === null ? '' : `${title}: `}${names}${worksheets.length > 5 ? ` and ${worksheets.length - 5} more` : ''}`
    if (isWhole) return { status: 'ok', detail }
    return { status: 'warning', detail: `${detail}; Google named no other worksheet. For another one link its own address, or enter the key file of a service account` }
  } finally {
    workbook.close()
  }
}

async function discoverSheets(config: SheetsConfig, places: SheetsPlaces, signal: AbortSignal, only?: Location[]): Promise<DiscoveredSchema[]> {
  const workbook = new Workbook(config, places)
  try {
    const { worksheets } = await workbook.contents(signal)
    const wanted = only && new Set(only.map(({ pattern }) => pattern))
    return worksheets.filter(({ gid }) => !wanted || wanted.has(gid)).map(({ gid, title }) => schemaOf(gid, title))
  } finally {
    workbook.close()
  }
}

function schemaOf(gid: string, title: string): DiscoveredSchema {
  return { name: title, location: { pattern: gid }, kind: 'files', tracking: 'files', columns: [], primaryKey: [], rowsEstimate: null, bytesEstimate: null, replicationKeys: [], problem: null }
}
