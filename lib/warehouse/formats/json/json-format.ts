import type { Format } from '../format'
import { explainJson } from './explain-json'
import { inspectJson } from './inspect-json'
import { JsonRowCutter } from './row-cutter'
import { rowsSql } from './rows-sql'

/**
 * JSON lines, lists of objects, and single objects: an object is a row, its fields are columns. A text stays text, also where it looks like a date; lists and objects
 * inside are of the type JSON, as they are written, and no structs: the next file may have other fields in them, and a struct has no room for the unexpected.
 */
export const jsonFormat: Format = {
  inspect: (_engine, file, _settings, like, place) => inspectJson(file, like, place),
  selectSql: rowsSql,
  explain: explainJson,
  rowCutter: (inspection) => new JsonRowCutter(inspection.json?.shape ?? 'lines'),
  rowCutterOf: (head) => new JsonRowCutter(/^\s*\[/.test(Buffer.from(head).toString('latin1')) ? 'array' : 'lines'),
}
