import { once } from 'node:events'
import net from 'node:net'
import { expect, test } from 'vitest'
import { CopyCounter, CutRelay } from './cut-relay'

const message = (type: string, body: string) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + Buffer.byteLength(body), 1)
  return Buffer.concat([head, Buffer.from(body)])
}
/** What a server sends: words about its settings, then rows. */
const stream = Buffer.concat([message('S', 'TimeZone UTC'), message('H', 'x'), message('d', '1,one\n'), message('d', '2,two\n'), message('c', ''), message('Z', 'I')])

test('only rows count, and the cut is at the byte of them', () => {
  const { bytes, rows } = new CopyCounter().pass(stream, 8)
  expect(rows).toBe(8)
  expect(stream.subarray(0, bytes).toString('latin1').endsWith('2,')).toBe(true)
})

test('the same, however the stream is cut into pieces', () => {
  for (let size = 1; size < 12; size++) {
    const counter = new CopyCounter()
    let rows = 0
    for (let at = 0; at < stream.length; at += size) rows += counter.pass(stream.subarray(at, at + size), Infinity).rows
    expect(rows).toBe(12)
  }
})

test('a connection is cut at the byte, whatever the server goes on sending, and others are carried on', async () => {
  const rows = Buffer.concat(Array.from({ length: 20_000 }, (_, index) => message('d', `${index},${'é'.repeat(index % 300)}\n`)))
  const server = net.createServer((socket) => socket.on('error', () => {}).end(rows)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const relay = await CutRelay.open((server.address() as net.AddressInfo).port) // it listens at a port
  const read = async () => {
    const counter = new CopyCounter()
    let bytes = 0
    const socket = net.connect(relay.place).on('data', (piece) => (bytes += counter.pass(piece, Infinity).rows)).on('error', () => {})
    await new Promise((resolve) => socket.once('close', resolve))
    return bytes
  }
  const whole = await read()
  for (const most of [1, 1_000, 123_457, 1_234_567]) {
    relay.arm(most)
    expect(await read()).toBeLessThanOrEqual(most)
    expect(relay.disarm()).toBe(true)
  }
  expect(await read()).toBe(whole)
  await relay.close()
  server.close()
})
