import { createServer, type AddressInfo, type Socket } from 'node:net'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import { openHttp, type Http, type HttpOptions } from '../http'
import { closeAll, closing, failure, never, open, sendJson, serve, SHORT, type Service } from './service-for-test'

afterEach(closeAll)

function session(service: Pick<Service, 'url'>, options: Partial<HttpOptions> = {}): Http {
  const http = open(service as Service, options) // open needs the address alone
  closing.push(() => http.close())
  return http
}

/** A server of raw bytes: what it writes for each connection's first request. */
async function rawServer(answer: (socket: Socket, count: number) => void): Promise<{ url: string; count(): number; sockets: Set<Socket> }> {
  let count = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {}) // the client may go away
    socket.on('data', () => answer(socket, count++))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy()
    server.close(resolve)
  }))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: () => count, sockets } // it listens at a port
}

const BODY = '{"a":"12345","b":[1,2,3]}'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const PACKED = gzipSync(BODY)
const WHOLE: Record<string, Buffer> = {
  'with a length': Buffer.from(`${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`),
  'in chunks': Buffer.from(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\n${BODY.slice(0, 5)}\r\n${(BODY.length - 5).toString(16)}\r\n${BODY.slice(5)}\r\n0\r\n\r\n`),
  'packed, until the connection ends': Buffer.concat([Buffer.from(`${HEAD}Content-Encoding: gzip\r\nConnection: close\r\n\r\n`), PACKED]),
}

test.each(Object.keys(WHOLE))('an answer %s that is cut at any offset is never handed out', async (kind) => {
  const whole = WHOLE[kind] ?? Buffer.alloc(0)
  const server = await rawServer((socket, count) => socket.end(whole.subarray(0, count)))
  const http = session(server, { patience: { attempts: 1 } })
  for (let length = 0; length < whole.length; length++) expect(await failure(http.send({ path: 'x' }, never)), `cut after ${length}`).toMatchObject({ code: 'unreachable', isRetryable: true })
  expect((await http.json({ path: 'x' }, never)).value).toEqual(JSON.parse(BODY))
})

test('a cut answer is asked for again', async () => {
  const whole = WHOLE['with a length'] ?? Buffer.alloc(0)
  const server = await rawServer((socket, count) => socket.end(count === 0 ? whole.subarray(0, -1) : whole))
  const http = session(server)
  expect((await http.json({ path: 'x' }, never)).value).toEqual(JSON.parse(BODY))
  expect(http.usage).toMatchObject({ requests: 2, retries: 1 })
})

test.each([
  ['gzip', gzipSync(BODY)],
  ['x-gzip', gzipSync(BODY)],
  ['br', brotliCompressSync(BODY)],
  ['deflate', deflateSync(BODY)],
  ['deflate', deflateRawSync(BODY)],
  ['deflate, gzip', gzipSync(deflateSync(BODY))],
  ['identity', Buffer.from(BODY)],
])('a body packed as %s is unpacked', async (coding, packed) => {
  const service = await serve((_, response) => response.writeHead(200, { 'content-encoding': coding }).end(packed))
  expect(await session(service).json({ path: 'x' }, never)).toMatchObject({ value: JSON.parse(BODY), bytes: packed.length })
})

test('a bomb stops at the cap, packed or not, and is not asked for again', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
  const service = await serve((request, response) => (request.url === '/packed' ? response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb) : response.end(Buffer.alloc(2 * 1024 * 1024))))
  const http = session(service)
  for (const path of ['packed', 'plain']) expect(await failure(http.send({ path, mostBytes: 1024 * 1024 }, never))).toMatchObject({ code: 'source', isRetryable: false, title: expect.stringContaining('too big') })
  expect(service.asked).toHaveLength(2)
})

test('what is not packed as it says is told in words', async () => {
  const service = await serve((request, response) => response.writeHead(200, { 'content-encoding': request.url === '/odd' ? 'zstd' : 'gzip' }).end('no gzip'))
  for (const path of ['odd', 'wrong']) expect(await failure(session(service).send({ path }, never))).toMatchObject({ code: 'source', title: expect.stringContaining('could not be unpacked') })
})

test.each([
  ['says nothing', { firstByteSeconds: 0.05 }, () => {}],
  ['falls silent in the middle', { idleSeconds: 0.05 }, (socket: Socket) => socket.write(`${HEAD}Content-Length: 100\r\n\r\n{`)],
  ['sends a byte now and then', { requestSeconds: 0.2, idleSeconds: 0.1 }, (socket: Socket) => {
    socket.write(`${HEAD}Content-Length: 1000\r\n\r\n`)
    const drip = setInterval(() => socket.write('x'), 20)
    socket.on('close', () => clearInterval(drip))
  }],
])('a service that %s is given up after the time there is, and its connection freed', async (_, patience, answer) => {
  const server = await rawServer(answer)
  const http = session(server, { patience: { ...patience, attempts: 2 } })
  expect(await failure(http.send({ path: 'x' }, never))).toMatchObject({ code: 'timeout', isRetryable: true, detail: expect.stringContaining('(tried 2 times)') })
  expect(server.count()).toBe(2)
  await vi.waitFor(() => expect(server.sockets.size).toBe(0), { timeout: 5_000 })
})

test('an answer that comes slowly but steadily is waited for', async () => {
  const service = await serve((_, response) => {
    response.write('[')
    let left = 30
    const drip = setInterval(() => {
      if (left-- > 0) return response.write(' ')
      clearInterval(drip)
      return response.end(']')
    }, 30)
  })
  expect((await session(service, { patience: { idleSeconds: 0.5, attempts: 1 } }).json({ path: 'x' }, never)).value).toEqual([])
})

test('one attempt has the time that its request names', async () => {
  const server = await rawServer(() => {})
  const http = session(server, { patience: { attempts: 1 } })
  expect(await failure(http.send({ path: 'x', timeoutSeconds: 0.05 }, never))).toMatchObject({ code: 'timeout', detail: expect.stringContaining('0.05 seconds') })
})

test('what does not speak HTTP is told in words', async () => {
  const server = await rawServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
  expect(await failure(session(server, { patience: { attempts: 1 } }).send({ path: 'x' }, never))).toMatchObject({ code: 'unreachable', isRetryable: true })
})

test('a connection that the service closes just as it is used again costs a repeat, not a failure', async () => {
  let answered = 0
  const server = await rawServer((socket) => {
    // every second request on a connection meets one that is being closed
    if (++answered % 2 === 0) socket.destroy()
    else socket.write(`${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`)
  })
  const http = session(server)
  for (let count = 0; count < 5; count++) expect((await http.json({ path: 'x' }, never)).value).toEqual(JSON.parse(BODY))
  expect(http.usage.retries).toBeGreaterThan(0)
  const before = answered
  const posts = await Promise.allSettled([1, 2].map(() => http.send({ path: 'x', method: 'POST' }, never)))
  expect(answered - before).toBe(2) // those may not be repeated
  expect(posts.some(({ status }) => status === 'rejected')).toBe(true)
})

test('a connection that is handed on counts as connected: its answer has the time for an answer', async () => {
  const service = await serve((_, response) => setTimeout(() => sendJson(response, {}), 800))
  const http = session(service, { concurrency: 1, patience: { connectSeconds: 0.5, attempts: 1 } })
  await Promise.all([1, 2, 3].map(() => http.send({ path: 'x' }, never)))
  expect(service.sockets.size).toBe(1)
})

test.each(['abort', 'close'])('%s: it ends what waits, what is under way and what pauses, within two seconds, and frees every connection', async (how) => {
  const service = await serve((request, response) => {
    if (request.url === '/busy') sendJson(response, {}, 503, { 'retry-after': '50' })
  })
  const http = openHttp({ baseUrl: service.url, account: `abort ${how}`, concurrency: 3, patience: { ...SHORT, pauseSeconds: 60 } })
  closing.push(() => http.close())
  const stop = new AbortController()
  const running = [...Array.from({ length: 10 }, () => http.send({ path: 'hangs' }, stop.signal)), http.send({ path: 'busy' }, stop.signal)].map(failure)
  await vi.waitFor(() => expect(service.asked.length).toBe(3), { timeout: 10_000 })
  const begunAt = performance.now()
  if (how === 'abort') stop.abort()
  else http.close()
  for (const error of await Promise.all(running)) expect(error).toMatchObject({ code: 'cancelled' })
  expect(performance.now() - begunAt).toBeLessThan(2000)
  http.close()
  await vi.waitFor(() => expect(service.sockets.size).toBe(0), { timeout: 2_000 })
  expect(await failure(http.send({ path: 'x' }, never))).toMatchObject({ code: 'cancelled' })
})

test('redirects are followed within the service, and refused elsewhere: nothing is sent there', async () => {
  const other = await serve((_, response) => sendJson(response, 'the key'))
  const service = await serve((request, response) => {
    const to: Record<string, string> = { '/a': '/b', '/b': 'c?x=1', '/out': `${other.url}/x`, '/round': '/round', '/odd': 'http://[' }
    const location = to[request.url ?? '']
    if (location === undefined) sendJson(response, request.url)
    else response.writeHead(302, { location }).end()
  })
  const http = session(service, { auth: { kind: 'bearer', token: 'key_123' } })
  expect(await http.json({ path: 'a' }, never)).toMatchObject({ value: '/c?x=1', url: `${service.url}/c?x=1` })
  expect(await failure(http.send({ path: 'out' }, never))).toMatchObject({ code: 'source', title: expect.stringContaining('points to another address') })
  expect(await failure(http.send({ path: 'odd' }, never))).toMatchObject({ code: 'source' })
  expect(other.asked).toHaveLength(0)
  const before = service.asked.length
  expect(await failure(http.send({ path: 'round' }, never))).toMatchObject({ code: 'source', title: expect.stringContaining('redirects without end') })
  expect(service.asked.length - before).toBe(6)
  expect((await http.send({ path: 'a', method: 'POST' }, never)).status).toBe(302)
})
