import { expect, it } from 'vitest'
import { sortedIndexes } from './sort-rows'

const sorted = (values: (string | number | null)[], type: string, isDescending = false) => sortedIndexes(values.map((value) => [value]), [{ type }], { column: 0, isDescending }).map((index) => values[index])

it('numbers that no double holds are sorted exactly', () => {
  expect(sorted(['9007199254740993', '9007199254740992', '-9007199254740993', '10', '9'], 'BIGINT')).toEqual(['-9007199254740993', '9', '10', '9007199254740992', '9007199254740993'])
  expect(sorted(['1.5', '-1.5', '-1.25', '1.05', '-0.5', '0.5'], 'DECIMAL(5,2)')).toEqual(['-1.5', '-1.25', '-0.5', '0.5', '1.05', '1.5'])
})

it('infinity and NaN stand where the engine puts them', () => {
  expect(sorted(['NaN', 1, 'Infinity', '-Infinity', 1e21, 2.5e-7], 'DOUBLE')).toEqual(['-Infinity', 2.5e-7, 1, 1e21, 'Infinity', 'NaN'])
})

it('NULL comes last either way, and equal rows keep their order', () => {
  expect(sorted([null, 'b', 'a', null], 'VARCHAR')).toEqual(['a', 'b', null, null])
  expect(sorted([null, 'b', 'a'], 'VARCHAR', true)).toEqual(['b', 'a', null])
  expect(sortedIndexes([['x'], ['x'], ['x']], [{ type: 'VARCHAR' }], { column: 0, isDescending: true })).toEqual([0, 1, 2])
})
