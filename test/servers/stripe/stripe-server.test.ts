import { afterEach, expect, test } from 'vitest'
import { openClient } from './client'
import { startStripe } from './stripe-server'
import type { StripeServer } from './types'

let server: StripeServer
afterEach(() => server.close())

test('every object of a long list comes once, the newest first', async () => {
  server = await startStripe()
  const ids = Array.from({ length: 2500 }, (_, index) => server.store.insert({ id: server.store.newId('ch_'), object: 'charge', created: 1_767_000_000 + Math.floor(index / 7), amount: index }).id)
  const found: string[] = []
  for await (const { id } of openClient(server).charges.list({ limit: 100 })) found.push(id)
  expect(found).toEqual(ids.reverse())
  expect(server.requests).toHaveLength(25)
})
