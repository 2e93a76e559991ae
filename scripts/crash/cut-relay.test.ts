import { expect, test } from 'vitest'
import { CopyCounter } from './cut-relay'

const message = (type: string, body: string) => {
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(4 + body.length, 1)
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
