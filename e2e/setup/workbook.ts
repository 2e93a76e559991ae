import { workbookParts, zipOf } from '../../lib/warehouse/formats/excel/workbook-for-test'

/** A workbook whose worksheets have these rows; the first of each holds the names of the columns. */
export function workbook(sheets: Record<string, (string | number)[][]>): Buffer {
  return zipOf(workbookParts({ sheets: Object.fromEntries(Object.entries(sheets).map(([name, rows]) => [name, rows.map(rowXml).join('')])) }))
}

function rowXml(cells: (string | number)[]): string {
  return `<row>${cells.map((cell) => (typeof cell === 'number' ? `<c><v>${cell}</v></c>` : `<c t="inlineStr"><is><t>${cell}</t></is></c>`)).join('')}</row>`
}
