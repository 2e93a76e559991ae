import { open } from 'node:fs/promises'
import { mergeTypes } from '../../types/merge-types'
import type { Engine } from '../../duckdb'
import { FileProblem } from '../file-problem'
import { Misfits, type Piece, type ReadColumn } from '../format'
import { locate, shown } from './locate'
import { readObjects } from './read-objects'
import { readRowsSql, rowsOf, valueSql } from './rows-sql'

interface Misfit {
  column: ReadColumn
  /** From 0. */
  row: number
  example: string
}

/** Which values do not fit: of a type that people chose it is the file that is wrong, and the first one is named; the others are to be read with wider types. */
export async function explainJson(engine: Engine, piece: Piece, columns: ReadColumn[], error: unknown): Promise<Misfits | unknown> {
  const misfits = await findMisfits(engine, piece, columns)
  const broken = misfits.filter(({ column }) => column.isChosen).toSorted((a, b) => a.row - b.row)[0]
  if (broken) return problemOf(piece, broken)
  if (misfits.length === 0) return error
  return new Misfits(misfits.map(({ column: { name, as, type }, example }) => ({ name, as, example: shown(example), widerType: widerType(as, type) })))
}

function widerType(as: string, type: string): string {
  const merged = mergeTypes(as, type)
  return merged === as ? 'VARCHAR' : merged
}

async function findMisfits(engine: Engine, piece: Piece, columns: ReadColumn[]): Promise<Misfit[]> {
  const asked = columns.filter(({ as }) => as !== 'VARCHAR')
  if (asked.length === 0) return []
  const rows = rowsOf(piece)
  const values = asked.flatMap((column) => {
    const isMisfit = `${column.physical} IS NOT NULL AND TRY(${valueSql(rows, column)}) IS NULL`
    return [`min(row) FILTER (${isMisfit})`, `arg_min(${column.physical}, row) FILTER (${isMisfit})`]
  })
  const [found = []] = await engine.rows(`SELECT ${values.join(', ')} FROM (SELECT row_number() OVER () - 1 AS row, * FROM ${readRowsSql(rows)})`)
  return asked.flatMap((column, index) => {
    const [row, example] = [found[index * 2], found[index * 2 + 1]]
    return row === null || row === undefined || typeof example !== 'string' ? [] : [{ column, row: Number(row), example }]
  })
}

async function problemOf({ file, isFirst, linesBefore, inspection }: Piece, { column, row, example }: Misfit): Promise<FileProblem> {
  const key = inspection.json?.fields[Number(column.physical.slice(1))]?.key ?? column.name
  const { line, column: place } = await locate(file.path, await offsetOf(file.path, row, key, isFirst))
  const where = isFirst || line > 1 ? `, column ${place.toLocaleString('en')}` : ''
  return new FileProblem(
    `${file.address} has a value that is no ${column.as}`,
    `Line ${(linesBefore + line).toLocaleString('en')}${where}: ${column.name} is ${JSON.stringify(shown(example))}`,
    `Choose another type for ${column.name}, or none; or correct the file`,
  )
}

/** Where a field of a row begins in the file. */
async function offsetOf(path: string, wanted: number, key: string, isFirst: boolean): Promise<number> {
  const file = await open(path)
  try {
    let row = 0
    let offset = 0
    await readObjects(file, {
      onObject(bytes, object, base) {
        if (row++ !== wanted) return
        for (let field = 0; field < object.fields; field++) if (keyOf(bytes, object.nameFrom[field] ?? 0, object.nameTo[field] ?? 0) === key) offset = base + (object.from[field] ?? 0)
      },
      async afterSome() {},
    }, new AbortController().signal, isFirst)
    return offset
  } finally {
    await file.close()
  }
}

function keyOf(bytes: Uint8Array, from: number, to: number): unknown {
  return JSON.parse(`"${Buffer.from(bytes.subarray(from, to)).toString('utf8')}"`)
}
