import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { FileProblem } from '../file-problem'
import { JsonRoom, type ReadOptions } from './read-for-test'

let room: JsonRoom
beforeAll(async () => {
  room = await JsonRoom.open()
})
afterAll(() => room.close())

async function problem(content: string | Uint8Array, options?: ReadOptions): Promise<string> {
  const error: unknown = await room.read(content, options).then(() => 'was read', (thrown: unknown) => thrown)
  if (!(error instanceof FileProblem)) throw new Error(`Not refused in words: ${String(error)}`)
  return `${error.title}. ${error.detail}`
}

describe('the shapes of a file', () => {
  it.each([
    ['lines', '{"a":1}\n{"a":2}\n'],
    ['lines without a line feed at the end, with blank lines and CRLF', '\n{"a":1}\r\n\r\n  \n{"a":2}'],
    ['lines after a byte order mark', '\ufeff{"a":1}\n{"a":2}'],
    ['a list', '[{"a":1},{"a":2}]'],
    ['a list over several lines', ' [\n  { "a" : 1 } ,\n\t{ "a":\n 2 }\r\n]\n'],
    ['objects over several lines', '{\n  "a": 1\n}\n{\n  "a": 2\n}'],
    ['objects with nothing between them', '{"a":1}{"a":2}'],
  ])('%s', async (_, text) => {
    expect(await room.read(text)).toMatchObject({ types: { a: 'BIGINT' }, rows: [['1'], ['2']] })
  })

  it('a single object is one row', async () => {
    expect((await room.read('{"data":[1,2],"next":null}')).rows).toEqual([['[1,2]', null]])
  })

  it('a file of nothing, and an empty list, have no rows and no columns', async () => {
    for (const text of ['', ' \n', '[]', '\ufeff']) expect((await room.read(text)).inspection).toMatchObject({ rows: 0, columns: [] })
  })

  it('an object without fields is a row of NULLs', async () => {
    expect((await room.read('{}\n{"a":1}\n{}')).rows).toEqual([[null], ['1'], [null]])
    expect(await problem('{}\n{}')).toBe('s3://b/a.json has no columns. None of its objects has a field')
  })
})

describe('values', () => {
  it('a field that comes up late is no less a column', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => JSON.stringify(i === 59_999 ? { late: 'x', id: i } : { id: i }))
    const { inspection, rows: read } = await room.read(rows.join('\n'))
    expect(inspection.columns.map(({ name, type }) => `${name} ${type}`)).toEqual(['id BIGINT', 'late VARCHAR'])
    expect(read.length).toBe(60_000)
    expect([read[0], read[30_000], read.at(-1)]).toEqual([['0', null], ['30000', null], ['59999', 'x']])
  })

  it.each([
    ['whole numbers', ['1', '-9223372036854775808', '9223372036854775807', 'null'], 'BIGINT', ['1', '-9223372036854775808', '9223372036854775807', null]],
    ['whole numbers beyond 64 bits', ['9223372036854775808', '-1'], 'DECIMAL(19,0)', ['9223372036854775808', '-1']],
    ['whole numbers beyond every type', ['1', '1'.repeat(39)], 'VARCHAR', ['1', '1'.repeat(39)]],
    ['fractions', ['1', '0.1', '-1.5e3', '0.30000000000000004', '1.10'], 'DOUBLE', [1, 0.1, -1500, 0.30000000000000004, 1.1]],
    ['more digits than a double has', ['1.000000000000000005', '2'], 'DECIMAL(19,18)', ['1.000000000000000005', '2.000000000000000000']],
    ['a large whole number among fractions', ['9007199254740993', '0.5'], 'DECIMAL(17,1)', ['9007199254740993.0', '0.5']],
    ['numbers too large for a double', ['1e400', '1.5'], 'VARCHAR', ['1e400', '1.5']],
    ['numbers too small for a double', ['1e-400', '1'], 'VARCHAR', ['1e-400', '1']],
    ['many digits with an exponent', ['12345678901234567891e-10', '1'], 'VARCHAR', ['12345678901234567891e-10', '1']],
    ['zeros without an end', [`1.1${'0'.repeat(60)}`, '1.000000000000000005'], 'DECIMAL(19,18)', ['1.100000000000000000', '1.000000000000000005']],
    ['truths', ['true', 'false', 'null'], 'BOOLEAN', [true, false, null]],
    ['texts', ['"a"', '""', 'null', '"null"', '"\\\\N"'], 'VARCHAR', ['a', '', null, 'null', '\\N']],
    ['texts that look like something else', ['"2025-01-31"', '"12"', '"true"'], 'VARCHAR', ['2025-01-31', '12', 'true']],
    ['escapes', ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', '"a,b\\n\\"c\\""'], 'VARCHAR', ['"\\/\b\f\n\r\té😀', 'a,b\n"c"']],
    ['zero bytes', ['"a\\u0000b"'], 'VARCHAR', ['a\0b']],
    ['nothing but null', ['null', 'null'], '"NULL"', [null, null]],
    ['lists and objects, as they are written', ['[1, 1.000000000000000005]', '{"b":"\\u0041","b":2}'], 'JSON', ['[1, 1.000000000000000005]', '{"b":"\\u0041","b":2}']],
    ['nested and plain values', ['[1]', '"a"', '1e400', 'true', '"\\ud83d\\ude00"'], 'JSON', ['[1]', '"a"', '1e400', 'true', '"\\ud83d\\ude00"']],
    ['plain values of several kinds', ['1.10', '"1.10"', 'true', '"\\"x\\"\\n"', 'null'], 'VARCHAR', ['1.10', '1.10', 'true', '"x"\n', null]],
    ['truths and numbers', ['true', '1'], 'VARCHAR', ['true', '1']],
  ])('%s', async (_, values, type, expected) => {
    const { types, rows } = await room.read(values.map((value) => `{"v":${value}}`).join('\n'))
    expect(types).toEqual({ v: type })
    expect(rows.map(([value]) => value)).toEqual(expected)
  })

})

describe('columns', () => {
  it('says when numbers are kept as decimals or as text', async () => {
    const { inspection } = await room.read('{"a":1.000000000000000005,"b":1e400,"c":1,"d":[1]}\n{"a":1,"b":2,"c":"x","d":1}')
    expect(inspection.columns.map(({ note }) => note)).toEqual([
      'Holds numbers that only decimals keep, like 1.000000000000000005',
      'Holds numbers that no type of numbers keeps, like 1e400, and is text',
      'Holds values of several kinds, and is text',
      'Holds lists or objects in some rows and plain values in others, and is JSON',
    ])
  })

  it('the last of several values of one name counts, and that is said', async () => {
    const { rows, inspection } = await room.read('{"a":1,"b":5,"a":2}\n{"a":3}')
    expect(rows).toEqual([['2', '5'], ['3', null]])
    expect(inspection.notes).toEqual(['1 objects name a field more than once; its last value counts'])
  })

  it('names are told apart, whatever the order of fields', async () => {
    const { types, rows, inspection } = await room.read('{"A":1,"a":2,"":3}\n{"":6,"a":5,"A":4}')
    expect(types).toEqual({ A_2: 'BIGINT', a: 'BIGINT', column: 'BIGINT' })
    expect(rows).toEqual([['1', '2', '3'], ['4', '5', '6']])
    expect(inspection.notes[0]).toContain('"A" is A_2')
  })

  it('names with quotes, commas, escapes and zero bytes', async () => {
    const { types, rows } = await room.read('{"a\\"b":1,"c,d":2,"\\u0065":3,"x\\u0000y":4}\n{"e":5}')
    expect(types).toEqual({ 'a"b': 'BIGINT', 'c,d': 'BIGINT', e: 'BIGINT', column: 'BIGINT' })
    expect(rows).toEqual([['1', '2', '3', '4'], [null, null, '5', null]])
  })

  it('a text of 40 MB, and a depth of 10,000', async () => {
    const { rows } = await room.read(`{"t":"${'é'.repeat(20_000_000)}","n":${'['.repeat(10_000)}${']'.repeat(10_000)}}\n{"t":"x"}`)
    expect([String(rows[0]?.[0]).length, String(rows[0]?.[1]).length, rows[1]]).toEqual([20_000_000, 20_000, ['x', null]])
  })

  test('every value comes back, whatever it is', async () => {
    const scalar = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
    const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(fc.string(), scalar, { maxKeys: 3 }))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ a: value, b: fc.string({ unit: 'binary' }), c: fc.double({ noNaN: true, noDefaultInfinity: true }) }, { requiredKeys: ['b'] }), { minLength: 1, maxLength: 6 }), fc.boolean(), async (objects, isList) => {
        const { rows, inspection } = await room.read(isList ? JSON.stringify(objects, null, 1) : objects.map((object) => JSON.stringify(object)).join('\n'))
        const place = new Map(inspection.columns.map(({ name, type }, index) => [name, { index, type }]))
        for (const [row, object] of objects.entries()) {
          const got = (name: string) => rows[row]?.[place.get(name)?.index ?? -1] ?? null
          expect(got('b')).toBe(object.b)
          expect(Number(got('c') ?? 0)).toBe(Number(object.c ?? 0) + 0)
          const a = got('a')
          if (a === null || object.a === null || object.a === undefined) expect([a, object.a ?? null]).toEqual([null, null])
          else if (place.get('a')?.type === 'JSON') expect(JSON.parse(String(a))).toEqual(JSON.parse(JSON.stringify(object.a)))
          else if (typeof object.a === 'number') expect(Number(a) + 0).toBe(object.a + 0)
          else expect(String(a)).toBe(String(object.a))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('what is no JSON is refused with its place', () => {
  it.each([
    ['a comma at the end of an object', '{"a":1}\n{"a":1,}', 'Line 2, column 8: the name of a field is expected here, in double quotes: }'],
    ['a comma at the end of a list', '[{"a":1},]', 'Line 1, column 10: an object is expected here, which begins with "{": ]'],
    ['a comma at the end of a nested list', '{"a":[1,]}', 'Line 1, column 9: a value is expected here: ]}'],
    ['a comment', '{"a":1} // one', 'Line 1, column 9: an object is expected here, which begins with "{": // one'],
    ['NaN', '{"a":NaN}', 'Line 1, column 6: a value is expected here: NaN}'],
    ['Infinity', '{"a":-Infinity}', 'Line 1, column 6: a minus is followed by no digit: -Infinity}'],
    ['a leading zero', '{"a":007}', 'Line 1, column 6: a number begins with a needless zero: 007}'],
    ['a fraction without digits', '{"a":1.}', 'Line 1, column 8: a digit is expected here: }'],
    ['single quotes', "{'a':1}", "Line 1, column 2: the name of a field is expected here, in double quotes: 'a':1}"],
    ['half a surrogate pair', '{"é":"\\ud83d"}', 'Line 1, column 7: an escape is the first half of a character whose second half is missing: \\ud83d"}'],
    ['an unknown escape', '{"a":"\\x41"}', 'Line 1, column 7: JSON knows no such escape: \\x41"}'],
    ['a raw control character', '{"a":"\t"}', 'Line 1, column 7: a control character stands in a text without an escape: \\x09"}'],
    ['an end in the middle', '{"a":1}\n{"a":"x', 'Line 2, column 1: the file ends in the middle of this object: {"a":"x'],
    ['a list without an end', '[{"a":1}', 'Line 1, column 9: the file ends before its list does'],
    ['something after the list', '[{"a":1}]\n{"a":2}', 'Line 2, column 1: something follows the end of the list: {"a":2}'],
    ['commas between lines', '{"a":1},\n{"a":2}', 'Line 1, column 8: an object is expected here, which begins with "{": ,'],
    ['plain values', '1\n2', 'Line 1, column 1: the file begins neither with an object nor with a list of objects: 1'],
    ['a list of lists', '[[1],[2]]', 'Line 1, column 2: an object is expected here, which begins with "{": [1],[2]]'],
    ['brackets that do not match', '{"a":[1}}', 'Line 1, column 8: "," or "]" is expected here: }}'],
    ['CSV', 'a,b\n1,2\n', 'Line 1, column 1: the file begins neither with an object nor with a list of objects: a,b'],
  ])('%s', async (_, text, detail) => {
    expect(await problem(text)).toBe(`s3://b/a.json is no valid JSON. ${detail}`)
  })

  it('bytes that are no UTF-8, wherever they are', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `{"a":"text ${i}"}\n`)
    const bad = Buffer.concat([Buffer.from(lines.join('')), Buffer.from('{"b":"é'), Buffer.from([0xff]), Buffer.from('"}\n{"a":"x"}\n')])
    expect(await problem(bad)).toBe('s3://b/a.json is no valid JSON. Line 50,001, column 8: these bytes are no UTF-8: \ufffd"}')
  })

  it('in a later piece of a long object by the lines of the whole', async () => {
    expect(await problem('{"a":1}\n{"a":}', { place: { isFirst: false, linesBefore: 1000 } })).toContain('Line 1,002, column 6')
    expect(await problem('{"a":}', { place: { isFirst: false, linesBefore: 1000 } })).toContain('Line 1,001: a value')
  })

  it('a comma at the end of a list that was cut there', async () => {
    expect(await problem('[]', { place: { isFirst: false, linesBefore: 9 } })).toContain('Line 10: an object is expected here')
  })

  it('names that are values, of which there is no end', async () => {
    expect(await problem(Array.from({ length: 3000 }, (_, i) => `{"user_${i}":1}`).join('\n'))).toContain('the objects have more than 2,000 different fields')
  })

  test('what JSON.parse refuses, and nothing else', async () => {
    const signs = ['{', '}', '[', ']', '"', ',', ':', '1', '0', '-', '.', 'e', 'true', 'null', ' ', '\n', '\\', '\\u0041', 'a', '"a"', '"a":']
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...signs), { maxLength: 8 }).map((parts) => parts.join('')), async (text) => {
        const document = `[{"v":${text}}]`
        const isValid = parses(document)
        const read = await room.inspect(room.file(document)).then(() => true, (error: unknown) => {
          if (error instanceof FileProblem) return false
          throw error
        })
        // several rows, or none of them an object, are JSON but not this one
        if (isValid || !text.includes('{')) expect([document, read]).toEqual([document, isValid])
      }),
      { numRuns: 500 },
    )
  })
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('types that people choose', () => {
  it('are what is read', async () => {
    const { rows } = await room.read('{"d":"2025-01-31","t":"2025-01-31T10:00:00.5Z","n":1.50,"s":"12","m":"a","x":{"a":1}}', {
      chosen: { d: 'DATE', t: 'TIMESTAMPTZ', n: 'DECIMAL(18,2)', s: 'BIGINT', m: 'JSON', x: 'VARCHAR' },
    })
    expect(rows).toEqual([['2025-01-31', '2025-01-31 10:00:00.5+00', '1.50', '12', '"a"', '{"a":1}']])
  })

  it.each([
    ['DATE', '"2025-02-30"', '2025-02-30'],
    ['DATE', '"2025-01-31 10:00"', '2025-01-31 10:00'],
    ['BIGINT', '1.5', '1.5'],
    ['DECIMAL(18,2)', '1.005', '1.005'],
    ['BOOLEAN', '"maybe"', 'maybe'],
    ['DOUBLE', '1e400', '1e400'],
  ])('%s: a value that does not fit is named with its place', async (type, value, shown) => {
    expect(await problem(`{"id":1,"v":null}\n{"id":2,"v":${value}}\n`, { chosen: { v: type } })).toBe(`s3://b/a.json has a value that is no ${type}. Line 2, column 13: v is "${shown}"`)
  })

  it('far behind in a file too', async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `{"id":${i},"v":"2025-01-31"}`)
    lines[59_000] = '{"id":"é","v":"never"}'
    expect(await problem(lines.join('\n'), { chosen: { v: 'DATE' } })).toContain('Line 59,001, column 15: v is "never"')
  })
})
