import { expect, it } from 'vitest'
import { dataFile, deleteFile, localPath, makeEngineRoom, snapshotOfFiles, theEngine, versionColumn } from '@/test/engine-room'
import { countMissing, sampleMissing, type Compared } from './compare-keys'

const ID = versionColumn(1, 'id', 'BIGINT')
const NAME = versionColumn(2, 'name', 'VARCHAR')
const MILLION = 1_000_000

makeEngineRoom()

it('rows whose key did not come are counted and shown, of millions in parts of the keys, of another type too, but not those that were deleted before', async () => {
  const rows = (from: number, to: number) => `SELECT range AS id, 'row ' || range AS name FROM range(${from}, ${to})`
  const dataFiles = [await dataFile('b', rows(0, 3 * MILLION), [ID, NAME]), await dataFile('a', rows(3 * MILLION, 4.5 * MILLION), [ID, NAME])]
  const deletes = await deleteFile('deletes', [['b', 1_007], ['b', 5], ['a', 7]])
  const former = snapshotOfFiles([ID, NAME], dataFiles, [deletes])
  for (const type of ['BIGINT', 'INTEGER']) {
    const staged = versionColumn(1, 'id', type)
    const came = await dataFile(`staged-${type}`, `SELECT range::${type} AS id FROM range(5000000) WHERE range % 1000 <> 7`, [staged])
    const compared: Compared = { former, staged: [localPath(came.path)], keys: [{ former: ID, staged }], localPath }
    expect([type, await countMissing(theEngine(), compared)]).toEqual([type, 4_500 - 2])
    const shown = await sampleMissing(theEngine(), compared, { columns: [{ former: ID, staged }, { former: NAME, staged: null }], rows: 5_000, letters: 120 })
    const ids = shown.map(({ before: [id] }) => Number(id)).sort((one, other) => one - other)
    expect(ids).toEqual(Array.from({ length: 4_500 }, (_, number) => number * 1_000 + 7).filter((id) => id !== 1_007 && id !== 3 * MILLION + 7))
    expect(shown.every(({ before: [id, name], after }) => name === `row ${id}` && after === null)).toBe(true)
  }
})
