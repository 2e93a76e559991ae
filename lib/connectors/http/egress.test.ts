import { afterEach, expect, test, vi } from 'vitest'
import { setEnv } from '@/lib/core/env'
import { closeAll, closing, failure, never, sendJson, serve, SHORT, type Service } from './service-for-test'

// the name servers are the outside here
const lookup = vi.hoisted(() => vi.fn<() => Promise<{ address: string; family: number }[]>>())
vi.mock('node:dns/promises', () => ({ lookup }))
const { openHttp } = await import('../http')

afterEach(async () => {
  await closeAll()
  setEnv({ EGRESS: 'any' })
  lookup.mockReset()
})

const serveThere = (): Promise<Service> => serve((_, response) => sendJson(response.setHeader('connection', 'close'), 'there'))

function session(baseUrl: string): ReturnType<typeof openHttp> {
  const http = openHttp({ baseUrl, account: 'egress', auth: { kind: 'bearer', token: 'key_123' }, patience: SHORT })
  closing.push(() => http.close())
  return http
}

test('a name is looked up and checked for each connection: an answer that changes gains nothing', async () => {
  const service = await serveThere()
  lookup.mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }])
  const http = session(`http://api.example.com:${service.port}`)
  expect((await http.json({ path: 'x' }, never)).value).toBe('there')
  lookup.mockResolvedValue([{ address: '169.254.169.254', family: 4 }])
  expect(await failure(http.json({ path: 'x' }, never))).toMatchObject({ code: 'not_allowed', isRetryable: false })
  expect(http.usage.requests).toBe(2)
  expect(service.asked).toHaveLength(1)
})

test.each([['169.254.169.254'], ['::ffff:169.254.169.254'], ['::ffff:a9fe:a9fe'], ['fd00:ec2::254'], ['64:ff9b::a9fe:a9fe']])('one address among others that may not be reached refuses the name: %s', async (address) => {
  const service = await serveThere()
  lookup.mockResolvedValue([{ address: '127.0.0.1', family: 4 }, { address, family: address.includes(':') ? 6 : 4 }])
  expect(await failure(session(`http://api.example.com:${service.port}`).send({ path: 'x' }, never))).toMatchObject({ code: 'not_allowed' })
  expect(service.asked).toHaveLength(0)
})

test.each(['127.0.0.1', '[::ffff:127.0.0.1]', '[::1]', '2130706433', '0x7f.1', '10.0.0.1'])('where only public addresses are allowed, %s is refused without a connection', async (host) => {
  const service = await serveThere()
  setEnv({ EGRESS: 'public' })
  expect(await failure(session(`http://${host}:${service.port}`).send({ path: 'x' }, never))).toMatchObject({ code: 'not_allowed' })
  expect(service.sockets.size).toBe(0)
})

test('the token endpoint stands behind the same guard', async () => {
  const service = await serveThere()
  lookup.mockResolvedValue([{ address: '169.254.169.254', family: 4 }])
  const http = openHttp({ baseUrl: service.url, account: 'egress', patience: SHORT, auth: { kind: 'oauth2', tokenUrl: `http://login.example.com:${service.port}`, clientId: 'a', clientSecret: 'bbbb' } })
  closing.push(() => http.close())
  expect(await failure(http.send({ path: 'x' }, never))).toMatchObject({ code: 'not_allowed' })
  expect(service.asked).toHaveLength(0)
})

test('a name server that fails for a moment costs a repeat', async () => {
  const service = await serveThere()
  lookup.mockRejectedValueOnce(Object.assign(new Error('later'), { code: 'EAI_AGAIN' })).mockResolvedValue([{ address: '127.0.0.1', family: 4 }])
  const http = session(`http://api.example.com:${service.port}`)
  expect((await http.json({ path: 'x' }, never)).value).toBe('there')
  expect(http.usage).toMatchObject({ requests: 2, retries: 1 })
})

test.each(['ftp://a.example', 'not a url', 'https://user:pass@a.example', 'https://a.example?x=1', 'https://a.example#x'])('%s is no address of an API', (baseUrl) => {
  expect(() => session(baseUrl)).toThrow(expect.objectContaining({ code: 'bad_config' }))
})
