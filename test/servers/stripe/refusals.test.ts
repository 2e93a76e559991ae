import { expect, onTestFinished, test } from 'vitest'
import { openClient } from './client'
import { get, refusal, started } from './started'
import { startStripe } from './stripe-server'

test.each([
  ['/v1/charges?limit=0', { code: 'parameter_invalid_integer', param: 'limit', message: 'This value must be greater than or equal to 1.' }],
  ['/v1/charges?limit=101', { code: 'parameter_invalid_integer', param: 'limit', message: 'This value must be less than or equal to 100 (it currently is \'101\').' }],
  ['/v1/charges?limit=ten', { code: 'parameter_invalid_integer', param: 'limit', message: 'Invalid integer: ten' }],
  ['/v1/charges?created[gte]=yesterday', { code: 'parameter_invalid_integer', param: 'created[gte]' }],
  ['/v1/charges?created[after]=1', { code: 'parameter_unknown', param: 'created[after]', message: 'Received unknown parameter: created[after]' }],
  ['/v1/charges?colour=red', { code: 'parameter_unknown', param: 'colour', message: 'Received unknown parameter: colour' }],
  ['/v1/charges?colour=red&size=9', { code: 'parameter_unknown', param: 'colour', message: 'Received unknown parameters: colour, size' }],
  ['/v1/quotes?created[gte]=1', { code: 'parameter_unknown', param: 'created[gte]' }],
  ['/v1/billing/meters?created[gte]=1', { code: 'parameter_unknown' }],
  ['/v1/charges/ch_1?limit=1', { code: 'parameter_unknown', param: 'limit' }],
  ['/v1/charges?starting_after=ch_gone', { code: 'resource_missing', param: 'starting_after', message: 'No such charge: \'ch_gone\'' }],
  ['/v1/charges?ending_before=ch_gone', { code: 'resource_missing', param: 'ending_before' }],
  ['/v1/charges?starting_after=cus_1', { code: 'resource_missing', param: 'starting_after', message: 'No such charge: \'cus_1\'' }],
  ['/v1/charges?starting_after=', { code: 'parameter_invalid_empty', param: 'starting_after' }],
  ['/v1/charges?starting_after=a&ending_before=b', { message: 'Received both starting_after and ending_before parameters. Please pass in only one.' }],
  ['/v1/charges?expand=data.customer', { message: 'Invalid array', param: 'expand' }],
  ['/v1/prices?active=yes', { message: 'Invalid boolean: yes', param: 'active' }],
  ['/v1/subscriptions?status=cancelled', { param: 'status' }],
  ['/v1/subscription_items', { code: 'parameter_missing', param: 'subscription', message: 'Missing required param: subscription.' }],
  ['/v1/subscription_items?subscription=sub_gone', { code: 'resource_missing', param: 'subscription' }],
])('%s is a bad request', async (path, said) => {
  const { store, get: ask } = await started()
  store.insert({ id: 'ch_1', object: 'charge', created: 1 })
  store.insert({ id: 'cus_1', object: 'customer', created: 1 })
  expect(await refusal(ask(path))).toMatchObject({ statusCode: 400, rawType: 'invalid_request_error', ...said })
})

test.each([
  ['/v1/charges/ch_gone', { code: 'resource_missing', param: 'id', message: 'No such charge: \'ch_gone\'' }],
  ['/v1/charges/cus_1', { code: 'resource_missing' }],
  ['/v1/invoices/in_gone/lines', { code: 'resource_missing', message: 'No such invoice: \'in_gone\'' }],
  ['/v1/customers/cus_gone/payment_methods', { code: 'resource_missing', message: 'No such customer: \'cus_gone\'' }],
  ['/v1/customers/cus_1/tax_ids/txi_2', { code: 'resource_missing' }],
  ['/v1/charges/%E0%A4%A', { code: 'resource_missing' }],
  ['/v1/wishes', { code: undefined, message: 'Unrecognized request URL (GET: /v1/wishes). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.' }],
  ['/v1/charges/ch_1/wishes', { code: undefined }],
  ['/v1/quotes//line_items', { code: undefined }],
])('%s is not there', async (path, said) => {
  const { store, get: ask } = await started()
  for (const id of ['cus_1', 'cus_2']) store.insert({ id, object: 'customer', created: 1 })
  store.insert({ id: 'txi_2', object: 'tax_id', created: 1, customer: 'cus_2' })
  expect(await refusal(ask(path))).toMatchObject({ statusCode: 404, rawType: 'invalid_request_error', ...said })
})

test('nothing can be written', async () => {
  const { stripe } = await started()
  expect(await refusal(stripe.customers.create({ email: 'a@example.com' }))).toMatchObject({ statusCode: 404, message: expect.stringContaining('(POST: /v1/customers)') })
})

test('a deleted customer is told as deleted, any other deleted object is not there, and neither is in a list', async () => {
  const { store, stripe } = await started()
  store.insert({ id: 'cus_1', object: 'customer', created: 1, email: 'a@example.com' })
  store.insert({ id: 'prod_1', object: 'product', created: 1 })
  for (const id of ['cus_1', 'prod_1']) store.remove(id)
  expect(await stripe.customers.retrieve('cus_1')).toEqual(expect.objectContaining({ id: 'cus_1', object: 'customer', deleted: true }))
  expect(await stripe.customers.retrieve('cus_1')).not.toHaveProperty('email')
  expect(await refusal(stripe.products.retrieve('prod_1'))).toMatchObject({ statusCode: 404, code: 'resource_missing' })
  expect((await stripe.customers.list()).data).toEqual([])
  expect(await refusal(stripe.customers.list({ starting_after: 'cus_1' }))).toMatchObject({ statusCode: 400, param: 'starting_after' })
})

test('a refusal has the form of Stripe’s, and every answer names its request', async () => {
  const { server } = await started()
  const answer = await fetch(`${server.url}/v1/charges?limit=0`, { headers: { authorization: `Bearer ${server.key}` } })
  const id = answer.headers.get('request-id')
  expect(id).toMatch(/^req_[A-Za-z0-9]{14}$/)
  expect(await answer.json()).toEqual({
    error: {
      code: 'parameter_invalid_integer',
      doc_url: 'https://docs.stripe.com/error-codes/parameter-invalid-integer',
      message: 'This value must be greater than or equal to 1.',
      param: 'limit',
      request_log_url: `https://dashboard.stripe.com/test/logs/${id}`,
      type: 'invalid_request_error',
    },
  })
  const other = await fetch(`${server.url}/v1/charges`, { headers: { authorization: `Basic ${Buffer.from(`${server.key}:`).toString('base64')}` } })
  expect(other.status).toBe(200)
  expect(other.headers.get('request-id')).not.toBe(id)
})

test('without a key, or with a wrong one, nothing is read', async () => {
  const { server } = await started()
  const wrong = await refusal(openClient(server, { key: 'rk_test_abcdefghijklmnop' }).charges.list())
  expect(wrong).toMatchObject({ statusCode: 401, type: 'StripeAuthenticationError', message: 'Invalid API Key provided: rk_test_************mnop' })
  const none = await fetch(`${server.url}/v1/charges`)
  expect([none.status, await none.text()]).toEqual([401, expect.stringContaining('You did not provide an API key.')])
})

test('a key without a permission is told which one, in Stripe’s two wordings', async () => {
  const { server } = await started()
  const older = openClient(server, { key: server.keyWithout('rak_charge_read', 'rak_plan_read') })
  const newer = openClient(server, { key: server.keyWithout('plan_read') })
  expect(await refusal(older.refunds.list())).toMatchObject({ statusCode: 403, type: 'StripePermissionError', message: expect.stringMatching(/^The provided key 'rk_live_\*+\w{4}' does not have the required permissions for this endpoint on account 'acct_\w{16}'\. Having the 'rak_charge_read' permission would allow this request to continue\.$/) })
  expect(await refusal(older.prices.list())).toMatchObject({ statusCode: 403 })
  expect(await refusal(newer.prices.list())).toMatchObject({ statusCode: 403, message: expect.stringMatching(/Enabling "Prices Read" \('plan_read'\) permissions would allow this request to continue\.$/) })
  expect((await older.customers.list()).data).toEqual([])
  expect((await newer.charges.list()).data).toEqual([])
})

test('another account is read by its id alone, and one that is not connected by nobody', async () => {
  const { server, store, stripe } = await started()
  store.insert({ id: 'ch_own', object: 'charge', created: 1 })
  server.connect('acct_other').insert({ id: 'ch_other', object: 'charge', created: 1 })
  const other = openClient(server, { stripeAccount: 'acct_other' })
  expect((await other.charges.list()).data.map(({ id }) => id)).toEqual(['ch_other'])
  expect((await stripe.charges.list()).data.map(({ id }) => id)).toEqual(['ch_own'])
  expect((await other.accounts.retrieveCurrent()).id).toBe('acct_other')
  expect(server.requests.map(({ account }) => account)).toEqual(['acct_other', expect.stringMatching(/^acct_\w{16}$/), 'acct_other'])
  const unknown = openClient(server, { stripeAccount: 'acct_unknown' })
  expect(await refusal(unknown.charges.list())).toMatchObject({ statusCode: 403, code: 'account_invalid', message: expect.stringContaining('does not have access to account \'acct_unknown\' (or that account does not exist)') })
})

test('requests beyond those allowed a second are refused, account by account', async () => {
  const server = await startStripe({ perSecond: 0.001, burst: 3 })
  onTestFinished(() => server.close())
  server.connect('acct_other')
  const stripe = openClient(server)
  for (let request = 0; request < 3; request++) await stripe.charges.list()
  const refused = await refusal(stripe.charges.list())
  expect(refused).toMatchObject({ statusCode: 429, code: 'rate_limit', message: expect.stringContaining('Request rate limit exceeded.') })
  expect(refused.headers).not.toHaveProperty('retry-after')
  expect((await openClient(server, { stripeAccount: 'acct_other' }).charges.list()).data).toEqual([])
  expect(server.requests.map(({ status }) => status)).toEqual([200, 200, 200, 429, 200])
})

test('the log tells each request as it was asked', async () => {
  const { server, stripe } = await started()
  await get(stripe, '/v1/charges?limit=2&created[gte]=5&expand[]=data.customer&expand[]=data.review')
  expect(server.requests).toEqual([{ path: '/v1/charges', query: { limit: ['2'], 'created[gte]': ['5'], 'expand[]': ['data.customer', 'data.review'] }, account: expect.stringMatching(/^acct_/), status: 200 }])
})
