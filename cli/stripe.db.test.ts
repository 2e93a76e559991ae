import { mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dataFolder } from '@/lib/core/env'
import { CommandLine } from '@/test/command-line'
import { freshDatabase, type FreshDatabase } from '@/test/database'
import { startBusiness } from '@/test/servers/stripe/business/business'
import { startStripe } from '@/test/servers/stripe/stripe-server'
import type { StripeServer } from '@/test/servers/stripe/types'

interface Failure {
  error: { code: string; title: string; detail: string | null; advice: string | null }
}

type Reports = { schema: string; status: string; rowsRead: number; inserted: number; updated: number; deleted: number; version: number | null }[]

const ACCOUNT = 'acct_connected1'

let database: FreshDatabase
let server: StripeServer
let commandLine: CommandLine
let folder: string

beforeAll(async () => {
  database = await freshDatabase()
  server = await startStripe()
  startBusiness(server.store, 3).day(0)
  folder = mkdtempSync(path.join(dataFolder(), 'cli-'))
  commandLine = new CommandLine(folder, database.url)
}, 60_000)
afterAll(async () => {
  await server.close()
  await database.drop()
})

/** A config file, as a person writes it. */
function config(change: Record<string, string> = {}): string {
  const file = path.join(folder, 'stripe.json')
  writeFileSync(file, JSON.stringify({ api_key: server.key, base_url: server.url, ...change }))
  return file
}

const json = <T = never>(...args: string[]) => commandLine.json<T>(...args)

test('a wrong key, a publishable key and an unknown account are told apart, and the key is in no word of it', async () => {
  const failures = [
    await json<{ ok: boolean; steps: { error?: { code: string } }[] }>('check', 'stripe', '--config', config({ api_key: 'rk_test_swordfish1' })),
    await json<{ ok: boolean; steps: { error?: { code: string } }[] }>('check', 'stripe', '--config', config({ account_id: 'acct_nobody' })),
  ]
  expect(failures.map(({ code, document }) => [code, document.ok, document.steps.at(-1)?.error?.code])).toEqual([[1, false, 'credentials'], [1, false, 'permission']])
  const publishable = await json<Failure>('check', 'stripe', '--config', config({ api_key: 'pk_test_swordfish2' }))
  expect(publishable).toMatchObject({ code: 1, document: { error: { code: 'invalid' } } })
  for (const { err, document } of [...failures, publishable]) {
    expect(err + JSON.stringify(document)).not.toContain('swordfish')
    expect(err + JSON.stringify(document)).not.toContain(server.key)
  }
})

test('link, sync, cancel a subscription, sync again: it is cancelled, and a third sync changes nothing', async () => {
  const linked = await json<{ schemas: { name: string; table: string; method: string }[]; skipped: { name: string }[] }>('link', 'stripe', '--config', config({ api_key: server.keyWithout('rak_payout_read') }), '--name', 'money', '--prefix', 'cli', '--schemas', 'all')
  expect(linked).toMatchObject({ code: 0, document: { skipped: [{ name: 'payouts' }] } })
  expect(linked.err).toContain('Payouts')
  expect(linked.document.schemas).toContainEqual({ name: 'subscriptions', table: 'cli_stripe_subscriptions', method: 'incremental' })

  const first = await json<Reports>('sync', 'money')
  expect(first.code).toBe(0)
  expect(first.document.every(({ status }) => status === 'completed')).toBe(true)
  const subscription = server.store.all('subscription').find(({ status }) => status === 'active')
  server.advance(3600)
  const previous = server.store.update(subscription?.id ?? '', { status: 'canceled', canceled_at: server.store.now() })
  server.store.emit('customer.subscription.deleted', { ...subscription, ...server.store.find(subscription?.id ?? '') } as NonNullable<typeof subscription>, previous)
  expect((await json<Reports>('sync', 'money', '--schema', 'subscriptions')).document).toMatchObject([{ status: 'completed', rowsRead: 1, inserted: 0, updated: 1, deleted: 0, version: 2 }])
  expect((await json<Reports>('sync', 'money', '--schema', 'subscriptions')).document).toMatchObject([{ status: 'completed', rowsRead: 0, version: 2 }])
  expect((await json<unknown[]>('query', `select status from cli_stripe_subscriptions where id = '${subscription?.id}'`)).document).toEqual([{ status: 'canceled' }])
}, 180_000)

test('the periodic listing is set and shown', async () => {
  expect(await json('set', 'money', '--schema', 'subscriptions', '--listing', 'daily')).toMatchObject({ code: 0, document: [{ schema: 'subscriptions', listing: 'day' }] })
  expect(await json('set', 'money', '--schema', 'subscriptions', '--listing', 'off')).toMatchObject({ code: 0, document: [{ schema: 'subscriptions', listing: null }] })
})

test('a connected account is read by its id, apart from the account of the key', async () => {
  const connected = server.connect(ACCOUNT)
  connected.insert({ id: 'cus_connected', object: 'customer', created: connected.now(), email: 'c@example.com', metadata: {} })
  const linked = await json('link', 'stripe', '--config', config({ account_id: ACCOUNT }), '--name', 'connected', '--prefix', 'conn', '--schemas', 'customers')
  expect(linked.code).toBe(0)
  expect((await json<Reports>('sync', 'connected')).document).toMatchObject([{ status: 'completed', inserted: 1 }])
  expect((await json<unknown[]>('query', 'select id from conn_stripe_customers')).document).toEqual([{ id: 'cus_connected' }])
}, 60_000)
