import { describe, expect, it } from 'vitest'
import type { SourceColumn } from '@/lib/core/source-column'
import type { VersionColumn } from '@/lib/warehouse/version'
import { reportOf } from './column-fidelity'
import { fidelityOf } from './fidelity-schema'

const source = (name: string, sourceType: string, type: string, change: Partial<SourceColumn> = {}): SourceColumn => ({ name, sourceType, type, encoding: 'plain', nullable: true, ...change })
const known = (sourceName: string, sourceType: string, type: string, change: Partial<VersionColumn> = {}): VersionColumn => ({ fieldId: 1, name: sourceName, sourceName, sourceType, type, isPresent: true, ...change })
const one = (column: SourceColumn, version: VersionColumn | null, measured: Record<string, string> = {}) => reportOf([column], version ? [version] : [], measured)[0]

describe('the verdict about a column', () => {
  it('is that of its connector, and every type has a reason of its own', () => {
    expect(fidelityOf({ type: 'BIGINT' })).toEqual({ verdict: 'exact', reason: expect.stringContaining('64 bits') })
    expect(fidelityOf({ type: 'DECIMAL(12,2)' }).reason).toContain('All 12 digits, 2 of them')
    expect(fidelityOf({ type: 'DECIMAL(12,0)' }).reason).toContain('none of them')
    expect(fidelityOf({ type: 'DATE[]' }).reason).toMatch(/^A list, each element kept so: days/)
    expect(fidelityOf({ type: 'VARCHAR', note: 'Kept as text: so and so', fidelity: 'text' })).toEqual({ verdict: 'text', reason: 'Kept as text: so and so' })
  })

  it('before the first sync is what discovery says; measured words stand beside it', () => {
    expect(one(source('amount', 'numeric', 'VARCHAR', { note: 'Kept as text: no precision', fidelity: 'text' }), null, { amount: '3 digits' })).toEqual({ name: 'amount', column: null, sourceType: 'numeric', type: 'VARCHAR', verdict: 'text', reason: 'Kept as text: no precision', measured: '3 digits', change: null })
  })

  it('is text, with the value that did not fit, where a sync met one', () => {
    const note = 'Kept as text because "12x" is no INTEGER'
    expect(one(source('a', 'integer', 'INTEGER'), known('a', 'integer', 'VARCHAR', { demotedFrom: 'INTEGER', note }))).toMatchObject({ type: 'VARCHAR', verdict: 'text', reason: note, change: null })
  })

  it('of a column of files is widened where files differ, and text where nothing holds the values of all', () => {
    expect(one(source('a', 'BIGINT, DOUBLE', 'DOUBLE'), known('a', 'BIGINT, DOUBLE', 'DOUBLE'))).toMatchObject({ verdict: 'widened', reason: 'Files have it as BIGINT and as DOUBLE; DOUBLE holds the values of all' })
    expect(one(source('a', 'BIGINT, DATE', 'VARCHAR'), known('a', 'BIGINT, DATE', 'VARCHAR'))).toMatchObject({ verdict: 'text' })
    expect(one(source('a', 'BIGINT', 'BIGINT'), known('a', 'BIGINT', 'BIGINT'))).toMatchObject({ verdict: 'exact' })
    expect(one(source('a', 'numeric(12, 2)', 'DECIMAL(12,2)'), known('a', 'numeric(12, 2)', 'DECIMAL(12,2)'))).toMatchObject({ verdict: 'exact' })
  })

  it('says what has changed upstream since the last sync', () => {
    expect(one(source('a', 'bigint', 'BIGINT'), known('a', 'integer', 'INTEGER'))?.change).toContain('BIGINT from the next sync on')
    expect(one(source('a', 'integer', 'INTEGER'), known('a', 'integer', 'INTEGER', { isPresent: false }))?.change).toContain('back upstream')
    expect(reportOf([], [known('a', 'integer', 'INTEGER', { isPresent: false })], {})).toEqual([expect.objectContaining({ name: 'a', change: expect.stringContaining('gone upstream') })])
  })
})
