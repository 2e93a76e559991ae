import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Relay } from './relay'

let server: net.Server
let relay: Relay
const arrived: net.Socket[] = []

beforeAll(async () => {
  server = net.createServer((socket) => {
    socket.on('error', () => {})
    arrived.push(socket)
    socket.pipe(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  relay = await Relay.open({ host: '127.0.0.1', port })
})
afterAll(async () => {
  await relay.close()
  server.close()
})

async function connected(): Promise<net.Socket> {
  const socket = net.connect(relay.place)
  await once(socket, 'connect')
  return socket
}

async function echo(socket: net.Socket, word: string): Promise<string> {
  socket.write(word)
  return String((await once(socket, 'data'))[0])
}

test('what is sent while it stalls comes through afterwards, also over a connection that was made meanwhile', async () => {
  const before = await connected()
  expect(await echo(before, 'one')).toBe('one')
  relay.stall()
  const reached = arrived.length
  const meanwhile = await connected()
  const answers = Promise.all([echo(before, 'two'), echo(meanwhile, 'three')])
  // a third one goes past the relay and back: by then the others would have come through
  const direct = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  expect(await echo(direct, 'past')).toBe('past')
  expect(arrived.length).toBe(reached + 1)
  expect(before.bytesRead).toBe(3)
  relay.mend()
  expect(await answers).toEqual(['two', 'three'])
  for (const socket of [before, meanwhile, direct]) socket.destroy()
})

test('the server does not hear that somebody left while it stalled, until it is mended', async () => {
  const lost = await connected()
  await echo(lost, 'here')
  const there = arrived.at(-1)!
  relay.stall()
  lost.destroy()
  const direct = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
  await echo(direct, 'past')
  expect(there.destroyed).toBe(false)
  const closed = once(there, 'close')
  relay.mend()
  await closed
  direct.destroy()
})

test('what it refuses breaks', async () => {
  const socket = await connected()
  await echo(socket, 'here')
  const broken = once(socket, 'error')
  relay.refuse()
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' })
  relay.mend()
})
