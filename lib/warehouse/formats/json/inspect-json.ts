import { open } from 'node:fs/promises'
import { FileProblem } from '../file-problem'
import type { Inspection, LocalFile, Place } from '../format'
import { columnNames, renameNotes } from './column-names'
import { FoundColumns } from './found-columns'
import { JsonFault } from './json-fault'
import { locate } from './locate'
import { readObjects, type JsonShape } from './read-objects'
import { RowsWriter } from '../rows-writer'

const FLUSH_BYTES = 4 << 20
/** Every row has a field for every name: many names of which each row has few make much of little. */
const GROWTH_MAX = 50
const WHOLE: Place = { isFirst: true, linesBefore: 0 }

interface Translated {
  columns: FoundColumns
  shape: JsonShape
  longestRow: number
}

/**
 * Reads all of a file once, by the letter of RFC 8259, and writes its rows as CSV beside it (`JsonRows`). The engine's own reader is not asked: it takes commas at
 * the end and NaN, rounds numbers without a word, and drops fields that it does not know. So every field and every type is known afterwards, not guessed.
 */
export async function inspectJson(file: LocalFile, like: Inspection | null, place: Place = WHOLE): Promise<Inspection> {
  const path = `${file.path}.rows`
  let rawKeys = new Set(like?.json?.fields.filter(({ isRaw }) => isRaw).map(({ key }) => key))
  let translated = await translate(file, path, rawKeys, place)
  const mixed = translated.columns.all.filter((column) => column.isMixed && !column.isRaw)
  if (mixed.length) {
    rawKeys = new Set([...rawKeys, ...mixed.map(({ key }) => key)])
    translated = await translate(file, path, rawKeys, place)
  }
  if (translated.columns.rows && !translated.columns.all.length) throw noFields(file)
  return inspectionOf(translated, path)
}

function inspectionOf({ columns, shape, longestRow }: Translated, path: string): Inspection {
  const names = columnNames(columns.all.map(({ key }) => key))
  const nameOf = (key: string) => names.get(key) ?? key
  const notes = renameNotes(names)
  if (columns.rowsWithRepeats) notes.push(`${columns.rowsWithRepeats.toLocaleString('en')} objects name a field more than once; its last value counts`)
  return {
    columns: columns.all.map((column) => ({ name: nameOf(column.key), physical: `f${column.index}`, type: column.type, ...(column.note && { note: column.note }) })),
    json: {
      shape, path, longestRow,
      isRagged: columns.isRagged,
      fields: columns.all.map(({ key, isText, isRaw }) => ({ key, isText, isRaw })),
    },
    rows: columns.rows,
    notes,
  }
}

async function translate(file: LocalFile, target: string, rawKeys: ReadonlySet<string>, place: Place): Promise<Translated> {
  const columns = new FoundColumns(rawKeys)
  const [source, rows] = [await open(file.path), await open(target, 'w', 0o600)]
  try {
    const writer = new RowsWriter(rows)
    const most = file.bytes * GROWTH_MAX + FLUSH_BYTES * 16
    const flush = async () => {
      await writer.flush()
      if (writer.written > most) throw new JsonFault(0, `its ${columns.rows.toLocaleString('en')} objects have ${columns.all.length} different fields, and nearly none of them in each`)
    }
    const reader = {
      onObject: columns.writeRow.bind(columns, writer),
      afterSome: async () => {
        if (writer.waiting > FLUSH_BYTES) await flush()
      },
    }
    const shape = await readObjects(source, reader, place.signal ?? new AbortController().signal, place.isFirst)
    await flush()
    return { columns, shape, longestRow: writer.longestRow }
  } catch (error) {
    throw error instanceof JsonFault ? await problemOf(file, error, place) : error
  } finally {
    await source.close()
    await rows.close()
  }
}

function noFields(file: LocalFile): FileProblem {
  return new FileProblem(`${file.address} has no columns`, 'None of its objects has a field', 'Choose another file')
}

async function problemOf(file: LocalFile, fault: JsonFault, { isFirst, linesBefore }: Place): Promise<FileProblem> {
  const { line, column, text } = await locate(file.path, fault.at)
  // a later piece begins somewhere in its first line
  const where = isFirst || line > 1 ? `, column ${column.toLocaleString('en')}` : ''
  const what = text === '' ? fault.what : `${fault.what}: ${text}`
  return new FileProblem(`${file.address} is no valid JSON`, `Line ${(linesBefore + line).toLocaleString('en')}${where}: ${what}`, 'Write the file again as JSON lines (an object in each line) or as a list of objects, in UTF-8', fault)
}
