import { expect, test } from 'vitest'
import { columnChangeWords, sinceWords } from './column-change-words'
import { columnChanges } from './column-changes'

const column = (name: string, type = 'INTEGER', isPresent = true) => ({ name, sourceName: name, type, isPresent })
const own = { name: '_synced_at', sourceName: null, type: 'TIMESTAMPTZ', isPresent: true }

test('what came, went, came back, has another type or is not chosen any more is told of each column by itself', () => {
  const before = [column('id'), column('size'), column('old'), column('away', 'DATE', false), column('left'), own]
  const after = [column('id'), column('size', 'BIGINT'), column('note', 'VARCHAR'), column('old', 'INTEGER', false), column('away', 'DATE'), own]
  const changes = columnChanges(before, after)
  expect(changes).toEqual([
    { column: 'size', kind: 'retyped', type: 'BIGINT', from: 'INTEGER' },
    { column: 'note', kind: 'new', type: 'VARCHAR' },
    { column: 'old', kind: 'gone', type: 'INTEGER' },
    { column: 'away', kind: 'back', type: 'DATE' },
    { column: 'left', kind: 'removed', type: 'INTEGER' },
  ])
  expect(columnChangeWords(changes)).toBe('size is BIGINT instead of INTEGER, note is new, old is gone, away is back, and 1 more column')
  expect(changes.map((change) => sinceWords(change, 12))).toEqual(['INTEGER until version 12', 'New since version 12', 'Gone since version 12', 'Back since version 12', 'Left out since version 12'])
})

test('another order is no change, nor is one of our own columns', () => {
  expect(columnChanges([column('a'), column('b'), own], [column('b'), column('a')])).toEqual([])
})

test('a column whose name was taken is told by the name that it has here', () => {
  expect(columnChanges([], [{ ...column('Id_2'), sourceName: 'ID' }])).toEqual([{ column: 'Id_2', kind: 'new', type: 'INTEGER' }])
})
