import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FoundColumns } from './found-columns'

const Column = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), type: fc.constantFrom('BIGINT', 'DOUBLE', 'VARCHAR', 'DATE', 'TIMESTAMP'), note: fc.option(fc.constantFrom('odd', 'long'), { nil: undefined }) })
const File = fc.record({ columns: fc.uniqueArray(Column, { selector: ({ name }) => name, maxLength: 4 }), notes: fc.uniqueArray(fc.constantFrom('x', 'y'), { maxLength: 2 }) })

test('whatever order files come in, alone or from a record, their columns, the order of these, and what is said of them are the same', () => {
  fc.assert(
    fc.property(fc.array(File, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (files, draws) => {
      const inOrder = files.map((file, index) => ({ ...file, address: `s3://b/${index}.csv` }))
      const shuffled = inOrder.map((file) => ({ file, at: draws.next().value ?? 0 })).sort((a, b) => a.at - b.at).map(({ file }) => file)
      const whole = new FoundColumns()
      const other = new FoundColumns()
      for (const { columns, notes, address } of inOrder) {
        whole.add(columns, address)
        whole.addNotes(notes, address)
      }
      for (const { columns, notes, address } of shuffled) {
        const alone = new FoundColumns()
        alone.add(columns, address)
        alone.addNotes(notes, address)
        other.include(alone.findings, address)
      }
      expect(other.all).toEqual(whole.all)
      expect(other.notes).toEqual(whole.notes)
    }),
  )
})
