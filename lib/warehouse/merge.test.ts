import path from 'node:path'
import { expect, it } from 'vitest'
import { dataFile, deleteFile, localPath, snapshotOfFiles, theEngine, makeEngineRoom, versionColumn, type Place } from '@/test/engine-room'
import { randomOf } from '@/test/random'
import { replicationOf } from './cursor-sql'
import { DELETE_FILES_MAX, mergeStaged, type Merge } from './merge'
import { quoteLiteral } from './sql-text'
import type { TableFile, TableSnapshot } from './version'

type Row = [id: number, changed: number | null, name: string]

const ID = versionColumn(1, 'id', 'BIGINT')
const CHANGED = versionColumn(2, 'changed', 'BIGINT')
const COLUMNS = [ID, CHANGED, versionColumn(3, 'name', 'VARCHAR')]

makeEngineRoom()

let files = 0
const newFile = () => localPath(`new-${files++}.parquet`)
const rowsFile = (key: string, rows: Row[]) => dataFile(key, `SELECT * FROM (VALUES ${rows.map(([id, changed, name]) => `(${id}::BIGINT, ${changed}::BIGINT, ${quoteLiteral(name)})`).join(', ')}) AS v(id, changed, name)`, COLUMNS)
const snapshot = (dataFiles: TableFile[], deleteFiles: TableFile[]) => snapshotOfFiles(COLUMNS, dataFiles, deleteFiles)

async function merge(former: TableSnapshot, staged: Row[][], cursor: string | null) {
  const paths = await Promise.all(staged.map(async (rows) => localPath((await rowsFile(path.basename(newFile()), rows)).path)))
  return mergeStaged(theEngine(), { former, staged: paths, stagedRows: staged.flat().length, columns: COLUMNS, keys: [ID], replication: replicationOf(CHANGED), cursor, localPath, newFile })
}

/** In the order of the file. */
async function placesOf(deletes: Merge['deletes']): Promise<Place[]> {
  if (!deletes) return []
  const rows = await theEngine().rows(`SELECT file_path, pos FROM read_parquet(${quoteLiteral(deletes.file)}, file_row_number = true) ORDER BY file_row_number`)
  return rows.map(([key, pos]) => [String(key), Number(pos)])
}

const byPlace = (places: Place[]) => places.toSorted((one, other) => (one[0] === other[0] ? one[1] - other[1] : one[0] < other[0] ? -1 : 1))

it('rows to delete are written in the order of the keys of their files, whatever the order of the files, and of their places there', async () => {
  const former = snapshot([await rowsFile('c', [[1, 1, 'a'], [2, 2, 'b']]), await rowsFile('a', [[3, 3, 'c'], [4, 4, 'd']]), await rowsFile('b', [[5, 5, 'e']])], [])
  const { deletes, updated, inserted } = await merge(former, [[[5, 9, 'E'], [2, 9, 'B']], [[4, 9, 'D'], [1, 9, 'A'], [3, 9, 'C'], [6, 9, 'F']]], '5')
  expect({ updated, inserted }).toEqual({ updated: 5, inserted: 1 })
  expect(await placesOf(deletes)).toEqual([['a', 0], ['a', 1], ['b', 0], ['c', 0], ['c', 1]])
})

it('a place that is the same in another file, or deleted already, is not deleted; with too many delete files all become one', async () => {
  const dataFiles = [await rowsFile('b', [[1, 1, 'old'], [2, 2, 'two']]), await rowsFile('a', [[1, 3, 'one'], [3, 3, 'three']])]
  const dead = await deleteFile('dead', [['b', 0]])
  const few = await merge(snapshot(dataFiles, [dead]), [[[1, 9, 'ONE']]], '3')
  expect([few.updated, few.deletes?.newRows, few.deletes?.replacesFormer, await placesOf(few.deletes)]).toEqual([1, 1, false, [['a', 0]]])
  const repeats = await Promise.all(Array.from({ length: DELETE_FILES_MAX - 1 }, (_, index) => deleteFile(`more-${index}`, [['a', 100 + index]])))
  const many = await merge(snapshot(dataFiles, [dead, ...repeats]), [[[1, 9, 'ONE']]], '3')
  expect([many.deletes?.newRows, many.deletes?.replacesFormer]).toEqual([1, true])
  expect(await placesOf(many.deletes)).toEqual(byPlace([['a', 0], ['b', 0], ...repeats.map((_, index): Place => ['a', 100 + index])]))
  await expect(merge(snapshot(dataFiles, [await deleteFile('strange', [['gone', 0]]), dead, ...repeats.slice(1)]), [[[1, 9, 'ONE']]], '3')).rejects.toThrow('a deleted row is in no file of its version')
})

it('merges like a model does: random rows over files and deleted places, read again with and without changes, twice in a read', async () => {
  const below = randomOf(20261129)
  for (let round = 0; round < 25; round++) {
    const living = new Map<number, { row: Row; place: Place }>()
    const dataFiles: TableFile[] = []
    const dead: Place[] = []
    for (const key of ['m', 'f', 'z', 'a'].slice(0, 1 + below(4))) {
      const rows = distinct(Array.from({ length: 1 + below(30) }, (): Row => [below(40), below(5) ? below(10) : null, `v${below(3)}`]))
      dataFiles.push(await rowsFile(key, rows))
      for (const [pos, row] of rows.entries()) {
        const before = living.get(row[0])
        if (before) dead.push(before.place)
        living.set(row[0], { row, place: [key, pos] })
      }
    }
    const former = snapshot(dataFiles, dead.length ? [await deleteFile(`dead-${round}`, dead)] : [])
    const again = [...living.values()].filter(() => below(2)).map(({ row }) => row)
    const staged = [again, Array.from({ length: 1 + below(20) }, (): Row => [below(50), below(5) ? 5 + below(10) : null, `v${below(3)}`])].filter((rows) => rows.length)
    const winners = [...winnersOf(staged.flat()).values()]
    const changed = winners.filter((row) => JSON.stringify(living.get(row[0])?.row) !== JSON.stringify(row))
    const merged = await merge(former, staged, '9')
    const replaced = changed.map(([id]) => living.get(id)?.place).filter((place) => place !== undefined)
    expect({ round, unchanged: merged.unchanged, updated: merged.updated, inserted: merged.inserted }).toEqual({ round, unchanged: winners.length - changed.length, updated: replaced.length, inserted: changed.length - replaced.length })
    expect([round, await placesOf(merged.deletes)]).toEqual([round, byPlace(replaced)])
    const surviving = merged.survivors ? await theEngine().rows(`SELECT id::INTEGER, changed::INTEGER, name FROM read_parquet(${quoteLiteral(merged.survivors.file)})`) : changed.length ? staged.flat() : []
    expect([round, byId(surviving as Row[])]).toEqual([round, byId(changed)])
  }
})

const byId = (rows: Row[]) => rows.toSorted((one, other) => one[0] - other[0])

function distinct(rows: Row[]): Row[] {
  return [...new Map(rows.map((row) => [row[0], row])).values()]
}

/** The greatest replication key of each id, the last of equals; one without a key loses. */
function winnersOf(rows: Row[]): Map<number, Row> {
  const winners = new Map<number, Row>()
  for (const row of rows) {
    const before = winners.get(row[0])
    if (!before || (row[1] ?? -1) >= (before[1] ?? -1)) winners.set(row[0], row)
  }
  return winners
}
