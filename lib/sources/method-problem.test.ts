import { expect, test } from 'vitest'
import type { DiscoveredSchema } from '@/lib/connectors/contract'
import { methodProblem } from './method-problem'
import { newSchemas } from './new-schemas'

function list(given: Partial<DiscoveredSchema> = {}): DiscoveredSchema {
  return {
    name: 'customers', location: { schema: 'customers' }, kind: 'list', primaryKey: ['id'], rowsEstimate: null, bytesEstimate: null, replicationKeys: [], tracking: 'changes', isOpen: true, problem: null,
    columns: ['id', 'email', 'created'].map((name) => ({ name, sourceType: 'string', type: 'VARCHAR', encoding: 'plain', nullable: name !== 'id' })), ...given,
  }
}

const follow = { method: 'incremental' as const, replicationKey: null, keyColumns: ['id'], columnNames: null }
const made = (discovered: DiscoveredSchema[], choices: Parameters<typeof newSchemas>[0]['choices'] = []) => newSchemas({ prefix: '', connectorId: 'stripe', frequency: 'hour', discovered, choices, takenNames: new Set() })

test('a schema whose source tells its changes is followed without a replication key, by its primary key', () => {
  expect(methodProblem(list(), follow)).toBeNull()
  expect(methodProblem(list(), { ...follow, replicationKey: 'created' })).toMatch(/takes no replication key/)
  expect(methodProblem(list(), { ...follow, keyColumns: ['email'] })).toMatch(/told apart by id/)
  expect(methodProblem(list(), { ...follow, columnNames: ['email'] })).toMatch(/column id of customers is needed/)
  expect(methodProblem(list(), { ...follow, method: 'full' })).toBeNull()
})

test('a schema of which its source tells nothing is a full table, and a database table still needs its replication key', () => {
  expect(methodProblem(list({ tracking: 'listing' }), follow)).toMatch(/full table/)
  expect(methodProblem(list({ tracking: undefined }), follow)).toMatch(/Choose a replication key/)
})

test('a new schema that follows changes is listed weekly, chosen or not; one that forgets its rows, or tells no changes, never', () => {
  const schemas = made([list(), list({ name: 'events', forgets: true }), list({ name: 'files', tracking: 'listing' }), list({ name: 'orders', tracking: undefined })], [{ name: 'customers', method: 'incremental', replicationKey: null, columnNames: null }])
  expect(schemas.map(({ name, method, replicationKey, keyColumns, reconcileFrequency }) => [name, method, replicationKey, keyColumns, reconcileFrequency])).toEqual([
    ['customers', 'incremental', null, ['id'], 'week'],
    ['events', null, null, ['id'], null],
    ['files', null, null, ['id'], null],
    ['orders', null, null, ['id'], null],
  ])
})

test('a schema that the key may not read cannot be chosen, and the words say what is missing', () => {
  const problem = { code: 'permission' as const, title: 'The key may not read Customers', isRetryable: false }
  expect(() => made([list({ problem })], [{ name: 'customers', method: 'incremental', replicationKey: null, columnNames: null }])).toThrow(/customers cannot be read: The key may not read Customers/)
  expect(made([list({ problem })])).toMatchObject([{ enabled: false }])
})
