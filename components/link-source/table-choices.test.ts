import { describe, expect, it } from 'vitest'
import type { DiscoveredSchema } from '@/lib/sources/schema'
import { choiceLabel, choiceProblem, commonKeys, incrementalOn, incrementalProblem, initialSelection, neededColumns, suggestChoice, suggestedKey, toSchemaChoice, withMethod } from './table-choices'

function table(given: Partial<DiscoveredSchema> & { keys?: { name: string; ok?: boolean; warnings?: string[] }[] }): DiscoveredSchema {
  const { keys = [], ...rest } = given
  const names = ['id', 'note', ...keys.map((key) => key.name)]
  return {
    name: 'orders', location: {}, kind: 'table', primaryKey: ['id'], rowsEstimate: 10, bytesEstimate: 100, problem: null,
    columns: names.map((name) => ({ name, sourceType: 'text', type: 'VARCHAR', encoding: 'plain', nullable: true })),
    replicationKeys: keys.map(({ name, ok = true, warnings = [] }) => ({ name, type: 'timestamptz', ok, reason: ok ? null : 'no', warnings })),
    ...rest,
  }
}

describe('the sync method that is suggested', () => {
  it('is incremental where a primary key and a change time are there', () => {
    expect(suggestChoice(table({ keys: [{ name: 'created_at' }, { name: 'updated_at' }] }))).toMatchObject({ method: 'incremental', replicationKey: 'updated_at', keyColumns: ['id'] })
  })

  it('knows a change time by many names, and nothing else', () => {
    for (const name of ['updated_at', 'updatedAt', 'modified', 'last_modified_date', 'LastModifiedDate', 'system_modstamp', 'row_updated_on', 'changed_ts']) expect(suggestedKey(table({ keys: [{ name }] }))?.name).toBe(name)
    for (const name of ['created_at', 'id', 'exchange', 'updater_id', 'update_count']) expect(suggestedKey(table({ keys: [{ name }] }))).toBeUndefined()
  })

  it('is the full table without a primary key or without a key that is ok', () => {
    expect(suggestChoice(table({ primaryKey: [], keys: [{ name: 'updated_at' }] })).method).toBe('full')
    expect(suggestChoice(table({ keys: [{ name: 'updated_at', ok: false }] })).method).toBe('full')
  })

  it('prefers a change time without warnings', () => {
    expect(suggestedKey(table({ keys: [{ name: 'modified', warnings: ['not indexed'] }, { name: 'updated_at' }] }))?.name).toBe('updated_at')
  })
})

describe('a choice', () => {
  const schema = table({ keys: [{ name: 'updated_at' }] })

  it('brings along the columns that its method needs', () => {
    const some = { ...suggestChoice(schema), method: 'full' as const, columnNames: ['note'] }
    expect(withMethod(schema, some, { method: 'incremental', replicationKey: 'updated_at', keyColumns: ['id'] }).columnNames).toEqual(['id', 'note', 'updated_at'])
    expect([...neededColumns(schema, suggestChoice(schema))]).toEqual(['id', 'updated_at'])
  })

  it('says what is missing', () => {
    const keyless = table({ primaryKey: [], keys: [{ name: 'updated_at' }] })
    expect(choiceProblem(keyless, { method: 'incremental', replicationKey: 'updated_at', keyColumns: [], columnNames: null })).toMatch(/tell its rows apart/)
    expect(choiceProblem(keyless, { method: 'incremental', replicationKey: 'updated_at', keyColumns: ['note'], columnNames: null })).toBeNull()
    expect(choiceProblem(schema, { ...suggestChoice(schema), columnNames: [] })).toMatch(/at least one column/)
  })

  it('is sent with key columns only where they are not the primary key', () => {
    expect(toSchemaChoice(schema, suggestChoice(schema))).toEqual({ name: 'orders', method: 'incremental', replicationKey: 'updated_at', columnNames: null })
    const keyless = table({ primaryKey: [], keys: [{ name: 'updated_at' }] })
    expect(toSchemaChoice(keyless, { method: 'incremental', replicationKey: 'updated_at', keyColumns: ['note'], columnNames: null })).toMatchObject({ keyColumns: ['note'] })
  })

  it('in bulk is changed only where the table can have it', () => {
    expect(incrementalOn(schema, suggestChoice(schema), 'updated_at')).toMatchObject({ method: 'incremental' })
    expect(incrementalOn(schema, suggestChoice(schema), 'created_at')).toBeNull()
    expect(incrementalOn(table({ primaryKey: [], keys: [{ name: 'updated_at' }] }), suggestChoice(schema), 'updated_at')).not.toBeNull()
  })
})

it('the columns that most tables share come first, change times before others', () => {
  const schemas = [table({ keys: [{ name: 'id' }, { name: 'updated_at' }] }), table({ keys: [{ name: 'id' }] })]
  expect(commonKeys(schemas)).toEqual([{ name: 'updated_at', tables: 1 }, { name: 'id', tables: 2 }])
})

it('readable tables are ticked at first, views and thousands of tables are not', () => {
  const problem = { code: 'permission' as const, title: 'no', isRetryable: false }
  const schemas = [table({ name: 'a' }), table({ name: 'v', kind: 'view' }), table({ name: 'x', problem })]
  expect([...initialSelection(schemas)]).toEqual(['a'])
  expect(initialSelection(Array.from({ length: 101 }, (_, at) => table({ name: `t${at}` }))).size).toBe(0)
})

describe('a list whose source tells what changes', () => {
  const list = table({ kind: 'list', tracking: 'changes', rowsEstimate: null, bytesEstimate: null })

  it('is followed, by its primary key, and needs no replication key', () => {
    const choice = suggestChoice(list)
    expect(choice).toEqual({ method: 'incremental', replicationKey: null, keyColumns: ['id'], columnNames: null })
    expect(choiceProblem(list, choice)).toBeNull()
    expect(incrementalProblem(list)).toBeNull()
    expect(choiceLabel(list, choice)).toBe('Follow changes')
    expect(toSchemaChoice(list, choice)).toEqual({ name: 'orders', method: 'incremental', replicationKey: null, columnNames: null })
    expect([...neededColumns(list, choice)]).toEqual(['id'])
  })

  it('can be read whole at each sync instead; one that tells nothing can only be', () => {
    expect(choiceLabel(list, { ...suggestChoice(list), method: 'full' })).toBe('Full table')
    const told = table({ kind: 'list', tracking: 'listing' })
    expect(suggestChoice(told).method).toBe('full')
    expect(incrementalProblem(told)).toMatch(/does not tell what changes/)
  })

  it('is ticked at first unless it cannot be read', () => {
    const unreadable = table({ name: 'payouts', kind: 'list', problem: { code: 'permission', title: 'The key may not read Payouts', isRetryable: false } })
    expect([...initialSelection([list, unreadable])]).toEqual(['orders'])
  })
})
