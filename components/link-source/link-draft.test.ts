import { describe, expect, it } from 'vitest'
import type { LinkForm } from '@/lib/sources/link-schema'
import { Prefix, type DiscoveredSchema } from '@/lib/sources/schema'
import { tableNameFor } from '@/lib/sources/table-names'
import { choiceOf, nameError, newDraft, prefixError, tableNamePreview, toLinkInput, withFound } from './link-draft'

const form: LinkForm = {
  connector: { id: 'postgres', label: 'PostgreSQL', group: 'managed', category: 'Databases', description: '', fields: [{ name: 'host', label: 'Host', required: true, initial: '', secret: false, isDestination: false, control: 'text' }], instructions: [], files: null },
  inbound: { isOwn: false, regions: [] },
  takenPrefixes: [{ prefix: 'shop', sourceName: 'Shop' }],
  takenNames: ['Shop'],
}

function table(name: string, given: Partial<DiscoveredSchema> = {}): DiscoveredSchema {
  return {
    name, location: {}, kind: 'table', primaryKey: ['id'], rowsEstimate: 1, bytesEstimate: 1, problem: null,
    columns: ['id', 'updated_at'].map((column) => ({ name: column, sourceType: 'text', type: 'VARCHAR', encoding: 'plain', nullable: false })),
    replicationKeys: [{ name: 'updated_at', type: 'timestamptz', ok: true, reason: null, warnings: [] }], ...given,
  }
}

describe('a prefix', () => {
  it('is refused in the browser exactly where the server refuses it', () => {
    const free = { ...form, takenPrefixes: [] }
    for (const prefix of ['', 'shop', 'Shop_2', '2shop', '_shop', 'sh-op', 'shöp', 'a'.repeat(40), 'a'.repeat(41), ' shop ']) {
      const read = Prefix.safeParse(prefix)
      expect(prefixError(free, prefix)).toBe(read.success ? undefined : read.error.issues[0]?.message)
    }
  })

  it('is taken when it would make the same table names, and a second source needs one', () => {
    expect(prefixError(form, 'SHOP_')).toMatch(/taken by the source Shop/)
    expect(prefixError(form, 'other')).toBeUndefined()
    expect(prefixError(form, '')).toBeUndefined()
    expect(prefixError({ ...form, takenPrefixes: [{ prefix: '', sourceName: 'First' }] }, '')).toMatch(/First has no prefix/)
  })

  it('previews the name that a table will really have', () => {
    for (const prefix of ['', 'shop', 'Shop_2_', 'a__b']) expect(tableNamePreview(prefix, 'postgres', 'Orders.items')).toBe(tableNameFor(prefix, 'postgres', 'Orders.items', new Set()))
  })
})

it('a name that is taken is said before the server has to', () => {
  expect(nameError(form, ' Shop ')).toMatch(/exists already/)
  expect(nameError(form, '')).toBeUndefined()
})

it('what was chosen stays when the source is looked at again, where it still fits', () => {
  const draft = withFound(newDraft(form), { suggestedName: 'shop', schemas: [table('a'), table('b'), table('c')] }, '{}')
  const choice = { method: 'full' as const, replicationKey: null, keyColumns: ['id'], columnNames: ['id', 'updated_at'] }
  const chosen = { ...draft, selected: new Set(['a', 'b']), choices: new Map([['a', choice], ['b', choice]]) }
  const again = withFound(chosen, { suggestedName: 'shop', schemas: [table('a'), table('b', { columns: table('b').columns.slice(0, 1) }), table('d')] }, '{"host":"x"}')
  expect([...again.selected]).toEqual(['a', 'b'])
  expect(choiceOf(again, table('a'))).toBe(choice)
  expect(choiceOf(again, table('b')).columnNames).toBeNull()
})

it('only ticked tables are linked, each as chosen or suggested', () => {
  const draft = withFound({ ...newDraft(form), values: { host: ' h ' }, prefix: 'x' }, { suggestedName: 'shop', schemas: [table('a'), table('v', { kind: 'view' })] }, '{}')
  expect(toLinkInput(form, draft)).toEqual({
    connector: 'postgres', name: undefined, prefix: 'x', config: { host: 'h' }, frequency: 'six_hours',
    schemas: [{ name: 'a', method: 'incremental', replicationKey: 'updated_at', columnNames: null }], tables: [],
  })
})
