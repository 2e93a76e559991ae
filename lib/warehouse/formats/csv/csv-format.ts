import type { Format } from '../format'
import { explainCsv } from './explain'
import { inspectCsv } from './inspect'
import { prepareCsv } from './prepare'
import { selectCsvSql } from './read-sql'
import { csvRowCutter } from './row-cutter'

/** Texts of rows and fields, in any dialect. Looked at by ourselves, read by the engine. */
export const csvFormat: Format = {
  inspect: (_engine, file, settings, like, place) => inspectCsv(file, settings, like, place),
  prepare: prepareCsv,
  selectSql: selectCsvSql,
  explain: explainCsv,
  rowCutter: (inspection) => csvRowCutter(inspection),
}
