import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, test } from 'vitest'
import { JsonRoom } from './read-for-test'
import { JsonRowCutter } from './row-cutter'

let room: JsonRoom
beforeAll(async () => {
  room = await JsonRoom.open()
})
afterAll(() => room.close())

/** The pieces that a text is cut into when its bytes come in these portions. */
function cut(text: string, shape: 'lines' | 'array', portions: number[]): string[] {
  const cutter = new JsonRowCutter(shape)
  const bytes = Buffer.from(text)
  const pieces: string[] = []
  let [from, rest] = [0, Buffer.alloc(0)]
  for (const portion of [...portions, bytes.length]) {
    const chunk = bytes.subarray(from, from + portion)
    from += chunk.length
    const found = cutter.lastRowEnd(chunk)
    if (found) pieces.push(Buffer.concat([rest, chunk.subarray(0, found.end)]).toString())
    rest = found ? chunk.subarray(found.next) : Buffer.concat([rest, chunk])
  }
  pieces.push(rest.toString())
  return pieces.map((piece, index) => `${index ? Buffer.from(cutter.open).toString() : ''}${piece}${index < pieces.length - 1 ? Buffer.from(cutter.close).toString() : ''}`)
}

test('the rows of a text that is cut anywhere are those of the whole', async () => {
  const value = fc.oneof(fc.constantFrom('}{', '[,]', '\\"', '"', '\\', '},{', 'é😀', '\n'), fc.integer(), fc.constant([{ a: ['}'] }]), fc.constant({ b: { c: '{' } }))
  const objects = fc.array(fc.record({ a: value, b: value }), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(objects, fc.constantFrom('lines' as const, 'array' as const), fc.constantFrom(undefined, 2), fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 20 }), async (rows, shape, indent, portions) => {
      const text = shape === 'array' ? JSON.stringify(rows, null, indent) : rows.map((row) => JSON.stringify(row, null, indent)).join('\n')
      const read: unknown[] = []
      for (const piece of cut(text, shape, portions)) read.push(...(shape === 'array' ? (JSON.parse(piece) as unknown[]) : (await room.read(piece)).rows))
      expect(read.length).toBe(rows.length)
      if (shape === 'array') expect(read).toEqual(rows)
    }),
    { numRuns: 60 },
  )
})

it('an escape that is cut in two does not end a text', () => {
  expect(cut('{"a":"x\\"}"}{"b":1}', 'lines', [8, 3, 1])).toEqual(['{"a":"x\\"}"}', '{"b":1}', ''])
})
