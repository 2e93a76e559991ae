import fs from 'node:fs'
import { expect, test } from 'vitest'
import { STRIPE_SCHEMAS } from '@/lib/connectors/stripe/catalogue/catalogue'
import { COMPOSED, INLINED, LISTED_BELOW } from './composed'
import { BOOLEANS, ENDPOINTS, HASHES, LISTS, PARAMS_BELOW, RANGES } from './endpoints'
import references from './references.json' with { type: 'json' }
import type { References } from './declared-references'
import { started } from './started'
import type { EmulatedObject } from './types'

const RESOURCES = 'node_modules/stripe/esm/resources'
const PAGING = ['ending_before', 'expand', 'limit', 'starting_after']

/** Every list that the official package asks for, by its address: its parameters, and the types that they are declared to have. */
const declared = new Map<string, Map<string, string>>()
for (const file of fs.readdirSync(RESOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))) {
  const script = fs.readFileSync(`${RESOURCES}/${file}`, 'utf8')
  const types = fs.readFileSync(`${RESOURCES}/${file.replace(/\.js$/, '.d.ts')}`, 'utf8')
  for (const [, method = '', address = ''] of script.matchAll(/^ {4}(list\w*)\([^)]*\) \{\s+return this\._makeRequest\('GET', ['`]([^'`]+)/gm)) {
    const params = new RegExp(`^ {4}${method}\\([^)]*params\\??: (?:\\w+\\.)*(\\w+)`, 'm').exec(types)?.[1]
    if (params) declared.set(address.replace(/\$\{encodeURIComponent\(\w+\)\}/g, ':id'), membersOf(types, params))
  }
}

function membersOf(types: string, name: string): Map<string, string> {
  const start = types.search(new RegExp(`interface ${name} `))
  const indent = /( *)(export )?$/.exec(types.slice(0, start))?.[1] ?? ''
  const text = types.slice(start, types.indexOf(`\n${indent}}`, start))
  return new Map([...text.matchAll(new RegExp(`^${indent} {4}(\\w+)\\??: (.+);$`, 'gm'))].map(([, member = '', type = '']) => [member, type]))
}

test('each list has the parameters that the package declares, and no other', () => {
  expect(declared.size).toBeGreaterThan(60)
  for (const { path, params, required = [] } of ENDPOINTS) {
    const members = declared.get(path)
    expect([path, [...params].sort()]).toEqual([path, [...(members?.keys() ?? [])].filter((name) => !PAGING.includes(name)).sort()])
    for (const name of required) expect([path, name, members?.get(name)]).toEqual([path, name, 'string'])
  }
  for (const [path, params] of Object.entries(PARAMS_BELOW)) expect([path, params.toSorted()]).toEqual([path, [...(declared.get(path)?.keys() ?? [])].filter((name) => !PAGING.includes(name)).sort()])
})

test('parameters have the form that the package declares', () => {
  for (const { path, params } of ENDPOINTS) {
    for (const name of params) {
      const type = declared.get(path)?.get(name) ?? ''
      expect([path, name, RANGES.has(name)]).toEqual([path, name, type.startsWith('RangeQueryParam')])
      expect([path, name, BOOLEANS.has(name)]).toEqual([path, name, type === 'boolean'])
      expect([path, name, LISTS.has(name)]).toEqual([path, name, type.startsWith('Array<')])
      if (HASHES.has(name)) expect([path, name, type]).toEqual([path, name, expect.stringMatching(/Params\.\w+$/)])
    }
  }
})

test('lists inside objects, and what is always sent whole, are where the package declares them', () => {
  const known: References = references
  for (const { of, field, child } of COMPOSED) expect([of, field, known[of]?.[field]?.replace('any', child)]).toEqual([of, field, `list of ${child}`])
  for (const [kind, fields] of Object.entries(INLINED)) for (const field of fields) expect([kind, field, known[kind]?.[field]]).toEqual([kind, field, expect.any(String)])
  // Two of Stripe's addresses are only in its older packages.
  const older = ['/v1/charges/:id/refunds', '/v1/customers/:id/subscriptions']
  for (const { url } of [...COMPOSED, ...LISTED_BELOW]) expect([url, older.includes(url) || declared.has(url.split('?')[0] ?? '')]).toEqual([url, true])
})

test('every list of the connector’s catalogue, and every address that completes one, is answered', async () => {
  const { store, get } = await started()
  const objects = new Set(STRIPE_SCHEMAS.map(({ list }) => list.object))
  for (const object of objects) store.insert({ id: `x_${object}`, object, created: store.now(), status: 'active' } as EmulatedObject) // the rest does not matter here
  for (const { list, nested, completes = [] } of STRIPE_SCHEMAS) {
    const query = new URLSearchParams([...Object.entries(list.query ?? {}), ...(list.expand ?? []).map((path) => ['expand[]', path])])
    const paths = [`${list.path}?${query}`, ...[nested?.path, ...completes.map(({ path }) => path)].flatMap((path) => path?.(`x_${list.object}`) ?? []), ...(nested?.probe ? [nested.probe] : [])]
    for (const path of paths) expect([path, await get(path)]).toEqual([path, expect.objectContaining({ object: 'list', data: expect.any(Array) })])
    expect(await get(`${list.path}/x_${list.object}`)).toMatchObject({ object: list.object })
  }
})
