import { afterEach, expect, test, vi } from 'vitest'
import { openHttp, type Http, type HttpOptions } from '../http'
import { closeAll, closing, failure, never, open, sendJson, serve, SHORT, type Service } from './service-for-test'

afterEach(closeAll)

function session(service: Service, options: Partial<HttpOptions> = {}): Http {
  const http = open(service, options)
  closing.push(() => http.close())
  return http
}

async function collected(bytes: AsyncIterable<Uint8Array> | null, stopAfter = Infinity): Promise<number> {
  let length = 0
  for await (const chunk of bytes ?? []) {
    length += chunk.length
    if (length >= stopAfter) break
  }
  return length
}

test('a body of any length passes as it is, and the connection serves the next request', async () => {
  const service = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.alloc(5_000_000)))
  const http = session(service)
  for (let count = 0; count < 3; count++) expect(await collected((await http.stream({ path: 'x', mostBytes: 10 }, never)).bytes)).toBe(5_000_000)
  expect(service.sockets.size).toBe(1)
  expect(service.asked[0]?.headers['accept-encoding']).toBe('identity')
  expect(http.usage).toMatchObject({ requests: 3, bytes: 15_000_000 })
})

test('a reader that stops early frees the connection', async () => {
  const service = await serve((_, response) => void response.writeHead(200, { 'content-length': 50_000_000 }).write(Buffer.alloc(1_000_000)))
  const http = session(service)
  await collected((await http.stream({ path: 'x' }, never)).bytes, 1)
  ;(await http.stream({ path: 'x' }, never)).drop()
  await vi.waitFor(() => expect(service.sockets.size).toBe(0))
})

test.each([
  ['is cut', 'unreachable', {}, (response: { destroy(): void }) => setImmediate(() => response.destroy())],
  ['falls silent', 'timeout', { idleSeconds: 0.05 }, () => {}],
])('a body that %s is a failure that may pass, after what had come', async (_, code, patience, then) => {
  const service = await serve((_request, response) => response.writeHead(200, { 'content-length': 100 }).write('12345', () => then(response)))
  const { bytes } = await session(service, { patience }).stream({ path: 'x' }, never)
  let came = 0
  const read = async () => {
    for await (const chunk of bytes ?? []) came += chunk.length
  }
  expect(await failure(read())).toMatchObject({ code, isRetryable: true })
  expect(came).toBe(5)
})

test('a reader that takes its time is not taken for a silent service', async () => {
  const service = await serve((_, response) => response.end(Buffer.alloc(3_000_000)))
  const { bytes } = await session(service, { patience: { idleSeconds: 0.8 } }).stream({ path: 'x' }, never)
  let length = 0
  for await (const chunk of bytes ?? []) {
    if (length === 0) await new Promise((resolve) => setTimeout(resolve, 1_000))
    length += chunk.length
  }
  expect(length).toBe(3_000_000)
})

test.each(['abort', 'close'])('%s ends a body that is being read', async (how) => {
  const service = await serve((_, response) => void response.writeHead(200).write('12345'))
  const http = openHttp({ baseUrl: service.url, account: how, patience: SHORT })
  const stop = new AbortController()
  const { bytes } = await http.stream({ path: 'x' }, stop.signal)
  const read = failure(collected(bytes))
  if (how === 'abort') stop.abort()
  else http.close()
  expect(await read).toMatchObject({ code: 'cancelled' })
  http.close()
  await vi.waitFor(() => expect(service.sockets.size).toBe(0))
})

test('a refusal and a redirect come as they are, at once, with what they say; nothing is tried again', async () => {
  const service = await serve((request, response) => (request.url === '/moved' ? response.writeHead(302, { location: 'https://example.com/x' }).end() : sendJson(response, { error: 'busy' }, 503)))
  const http = session(service)
  expect(await http.stream({ path: 'busy' }, never)).toMatchObject({ status: 503, bytes: null, body: Buffer.from('{"error":"busy"}') })
  expect(await http.stream({ path: 'moved' }, never)).toMatchObject({ status: 302, bytes: null, headers: { location: 'https://example.com/x' } })
  expect(await http.send({ path: 'moved', keepsRedirects: true }, never)).toMatchObject({ status: 302 })
  expect(service.asked).toHaveLength(3)
})
