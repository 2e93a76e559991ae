import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CsvSettings } from '@/lib/core/files-settings'
import { FileProblem } from '../file-problem'
import { csvFormat } from './csv-format'
import { CsvRoom, settingsOf } from './read-for-test'

let room: CsvRoom
beforeAll(async () => {
  room = await CsvRoom.open()
})
afterAll(() => room.close())

async function refusal(text: string | Uint8Array, csv: CsvSettings = {}, types: Record<string, string> = {}): Promise<[title: string, detail: string | undefined]> {
  const error: unknown = await room.read(text, csv, types).then(() => 'it was read', (thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FileProblem)
  return error instanceof FileProblem ? [error.title, error.detail] : ['', '']
}

describe('what is found out', () => {
  test.each<[string, string, string[], (string | null)[][]]>([
    ['commas', 'a,b\n1,x\n2,y\n', ['a BIGINT', 'b VARCHAR'], [['1', 'x'], ['2', 'y']]],
    ['semicolons and decimal commas', 'a;b\n1,5;x\n2,5;y\n', ['a VARCHAR', 'b VARCHAR'], [['1,5', 'x'], ['2,5', 'y']]],
    ['tabs', 'a\tb\n1\tx,y\n', ['a BIGINT', 'b VARCHAR'], [['1', 'x,y']]],
    ['bars', 'a|b\n1|x\n', ['a BIGINT', 'b VARCHAR'], [['1', 'x']]],
    ['no header', '1,x\n2,y\n', ['column1 BIGINT', 'column2 VARCHAR'], [['1', 'x'], ['2', 'y']]],
    ['a header above text', 'name,city\nAnn,Rome\nBob,Bern\n', ['name VARCHAR', 'city VARCHAR'], [['Ann', 'Rome'], ['Bob', 'Bern']]],
    ['years as names', 'country,2019,2020\nA,1,2\nB,3,4\n', ['country VARCHAR', '2019 BIGINT', '2020 BIGINT'], [['A', '1', '2'], ['B', '3', '4']]],
    ['one column', 'name\nAnn\nBob\n', ['name VARCHAR'], [['Ann'], ['Bob']]],
    ['one column with a blank line, which is a NULL', 'n\n1\n\n3\n', ['n BIGINT'], [['1'], [null], ['3']]],
    ['one column with CRLF', 'n\r\n1\r\n\r\n3\r\n', ['n BIGINT'], [['1'], [null], ['3']]],
    ['a title before the table', 'Report of May\n\na,b\n1,2\n3,4\n', ['a BIGINT', 'b BIGINT'], [['1', '2'], ['3', '4']]],
    ['remarks between rows', 'a,b\n1,2\n# x\n3,4#5\n', ['a BIGINT', 'b VARCHAR'], [['1', '2'], ['3', '4#5']]],
    ['a header that begins with #', '#id,name\n1,x\n', ['#id BIGINT', 'name VARCHAR'], [['1', 'x']]],
    ['CRLF', 'a,b\r\n1,2\r\n', ['a BIGINT', 'b BIGINT'], [['1', '2']]],
    ['carriage returns alone', 'a,b\r1,"x\ry"\r', ['a BIGINT', 'b VARCHAR'], [['1', 'x\ry']]],
    ['mixed line ends', 'a,b\r\n1,2\n3,4\r\n5,6', ['a BIGINT', 'b BIGINT'], [['1', '2'], ['3', '4'], ['5', '6']]],
    ['line ends in quotes', 'a,b\n1,"x\ny"\n2,"x\r\ny"\n3,"\r"\n', ['a BIGINT', 'b VARCHAR'], [['1', 'x\ny'], ['2', 'x\r\ny'], ['3', '\r']]],
    ['line feeds in quotes of a CRLF file', '"a\nb",c\r\n1,"x\ny"\r\n', ['a\nb BIGINT', 'c VARCHAR'], [['1', 'x\ny']]],
    ['blank lines', '\na,b\n\n1,2\n\n\n', ['a BIGINT', 'b BIGINT'], [['1', '2']]],
    ['doubled quotes', 'a,b\n1,"say ""hi"""\n', ['a BIGINT', 'b VARCHAR'], [['1', 'say "hi"']]],
    ['quotes after a backslash', 'a,b\n1,"say \\"hi\\", C:\\new"\n', ['a BIGINT', 'b VARCHAR'], [['1', 'say "hi", C:\\new']]],
    ['single quotes', "a,b\n1,'x,y'\n2,'it''s'\n", ['a BIGINT', 'b VARCHAR'], [['1', 'x,y'], ['2', "it's"]]],
    ['a quote within a text', 'a,b\n1,5" pipe\n', ['a BIGINT', 'b VARCHAR'], [['1', '5" pipe']]],
    ['an empty text in quotes is no NULL', 'a,b\n"",\nx,""\n', ['a VARCHAR', 'b VARCHAR'], [['', null], ['x', '']]],
    ['but it is no number either', 'a,b\n"",1\n"2",""\n', ['a BIGINT', 'b BIGINT'], [[null, '1'], ['2', null]]],
    ['delimiters at the end of rows', 'a,b\n1,2,\n3,4,\n', ['a BIGINT', 'b BIGINT'], [['1', '2'], ['3', '4']]],
    ['a zero byte', 'a,b\n1,x\0y\n', ['a BIGINT', 'b VARCHAR'], [['1', 'x\0y']]],
    ['a header alone', 'a,b\n', ['a "NULL"', 'b "NULL"'], []],
    ['nothing', '', [], []],
    ['nothing but blank lines', '\n\n', [], []],
    ['names that are empty, twice, or odd', ' a ,A,,b,b,b_2,"x""y",__tributary_file\n1,2,3,4,5,6,7,8\n', ['a BIGINT', 'A_2 BIGINT', 'column3 BIGINT', 'b BIGINT', 'b_2 BIGINT', 'b_2_2 BIGINT', 'x"y BIGINT', '__tributary_file BIGINT'], [['1', '2', '3', '4', '5', '6', '7', '8']]],
  ])('%s', async (_, text, columns, rows) => {
    const read = await room.read(text)
    expect(read.columns).toEqual(columns)
    expect(read.rows).toEqual(rows)
  })

  test.each([70_000, 300_000, 3_000_000])('a first row of %d letters is no empty file', async (length) => {
    const long = 'x'.repeat(length)
    expect((await room.read(`${long},1\n${long},2\n`)).rows.map((row) => row.map((value) => String(value).length))).toEqual([[length, 1], [length, 1]])
    expect((await room.read(long)).columns).toHaveLength(1)
  })

  test('1,700 columns, of which some are asked for', async () => {
    const names = Array.from({ length: 1700 }, (_, i) => `n${i}`)
    const file = room.file(`${names.join(',')}\n${names.map((_, i) => i).join(',')}\n`)
    const inspection = await csvFormat.inspect(room.engine, file, settingsOf({}), null)
    expect(inspection.columns).toHaveLength(1700)
    const columns = inspection.columns.slice(-2).map((column) => ({ ...column, as: column.type, isChosen: false }))
    expect(await room.engine.rows(csvFormat.selectSql({ file, inspection, isFirst: true, linesBefore: 0 }, columns))).toEqual([['1698', '1699']])
  })

  test('a text of 20 MB in one field', async () => {
    const long = 'x'.repeat(20_000_000)
    const { rows } = await room.read(`a,b\n1,"${long}"\n2,y\n`)
    expect([rows.length, String(rows[0]?.[1]).length, rows[1]]).toEqual([2, long.length, ['2', 'y']])
  })
})

describe('a setting overrules what is found', () => {
  test.each<[CsvSettings, string, string[], (string | null)[][]]>([
    [{ header: false }, 'a,b\n', ['column1 VARCHAR', 'column2 VARCHAR'], [['a', 'b']]],
    [{ header: true }, '1,2\n3,4\n', ['1 BIGINT', '2 BIGINT'], [['3', '4']]],
    [{ delimiter: ';' }, 'a,b\n1,2\n', ['a,b VARCHAR'], [['1,2']]],
    [{ delimiter: '||' }, 'a||b\n1||"x||y"\n', ['a BIGINT', 'b VARCHAR'], [['1', 'x||y']]],
    [{ quote: '' }, 'a,b\n1,"x\n', ['a BIGINT', 'b VARCHAR'], [['1', '"x']]],
    [{ escape: '\\' }, 'a,b\n1,"\\""\n', ['a BIGINT', 'b VARCHAR'], [['1', '"']]],
    [{ skipLines: 1 }, 'a,b\nc,d\n1,2\n', ['c BIGINT', 'd BIGINT'], [['1', '2']]],
    [{ skipLines: 1 }, '"Report\na,b\n1,"2"\n', ['a BIGINT', 'b BIGINT'], [['1', '2']]],
    [{ nullTexts: ['NA'] }, 'a,b\nNA,"NA"\n1,x\n', ['a BIGINT', 'b VARCHAR'], [[null, 'NA'], ['1', 'x']]],
    [{ comment: ';' }, 'a,b\n;"x\n1,2\n', ['a BIGINT', 'b BIGINT'], [['1', '2']]],
    [{ raggedRows: 'padded' }, 'a,b,c\n1\n1,2\n1,2,3\n', ['a BIGINT', 'b BIGINT', 'c BIGINT'], [['1', null, null], ['1', '2', null], ['1', '2', '3']]],
  ])('%j', async (csv, text, columns, rows) => {
    const read = await room.read(text, csv)
    expect([read.columns, read.rows]).toEqual([columns, rows])
  })

  test('a chosen type is read strictly, and more freely than a found one', async () => {
    expect((await room.read('a,b\n007,1.5\n', {}, { a: 'BIGINT', b: 'DECIMAL(18,2)' })).rows).toEqual([['7', '1.50']])
    expect(await refusal('a,b\n1,x\n2,y\n1.5,"z\n"\n', {}, { a: 'BIGINT' })).toEqual(['s3://b/a.csv has a value that is no BIGINT', 'Line 4, column a: "1.5" is no BIGINT'])
    expect(await refusal('a\n1.555\n', {}, { a: 'DECIMAL(18,2)' })).toEqual(['s3://b/a.csv has a value that is no DECIMAL(18,2)', 'Line 2, column a: "1.555" is no DECIMAL(18,2)'])
  })

  test('settings that contradict each other are refused', async () => {
    await expect(room.read('a,b\n', { delimiter: '"', quote: '"' })).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('what is wrong is refused, with its line', () => {
  const long = Array.from({ length: 60_000 }, (_, i) => `${i},"a\nb",x\n`).join('')
  test.each<[string, string | Uint8Array, CsvSettings, string, string]>([
    ['a row that is too long', 'a,b\n1,2\n3,4,5\n', {}, 'has a row with 3 fields where 2 are expected', 'Line 3: 3,4,5'],
    ['a row that is too short', 'a,b\n1,2\n3\n', {}, 'has a row with 1 field where 2 are expected', 'Line 3: 3'],
    ['one far behind, after line feeds in quotes', `a,b,c\n${long}1,2\n`, {}, 'has a row with 2 fields where 3 are expected', 'Line 120,002: 1,2'],
    ['one that is padded, and too long', 'a,b\n1\n3,4,5\n', { raggedRows: 'padded' }, 'has a row with 3 fields where 2 are expected', 'Line 3: 3,4,5'],
    ['a quote that is never closed', 'a,b\n1,2\n3,"4\n5,6\n', {}, 'has a row that has a quote that is never closed', 'Line 3: 3,"4\\n5,6'],
    ['one far behind', `a,b,c\n${long}1,"2,3\n4,5,6\n`, {}, 'has a row that has a quote that is never closed', 'Line 120,002: 1,"2,3\\n4,5,6'],
    ['an opening quote at the very end', 'a,b\n1,2\n3,"', {}, 'has a row that has a quote that is never closed', 'Line 3: 3,"'],
    ['text after a closing quote', 'a,b\n1,"2"3\n', {}, 'has a row that has text after a closing quote', 'Line 2: 1,"2"'],
    ['a carriage return alone', `a,b\n${'1,2\n'.repeat(100_000)}1,2\r3,4\n`, {}, 'has a row that has a carriage return alone outside of quotes', 'Line 100,002: 1,2'],
    ['letters of another encoding far behind', Buffer.concat([Buffer.from(`a,b\n${'1,2\n'.repeat(100_000)}`), Buffer.from('é', 'utf8'), Buffer.from('1ä,2\n', 'latin1')]), {}, 'has letters of another encoding', 'Line 100,002: Ã©1ä'],
  ])('%s', async (_, text, csv, title, detail) => {
    const words = await refusal(text, csv)
    expect(words[0]).toBe(`s3://b/a.csv ${title}`)
    expect(words[1]).toContain(detail)
  })

  test('the title of a header that does not match its rows is refused, and no row becomes a name', async () => {
    expect((await refusal('a,b\n1,2,3\n4,5,6\n7,8,9\n'))[0]).toBe('s3://b/a.csv has a row with 3 fields where 2 are expected')
  })
})

describe('values that do not fit what the beginning told', () => {
  const many = (value: string): string => `a,b\n${`${value},x\n`.repeat(100_000)}`
  test.each([
    ['BIGINT', '1', '1.5', 'DOUBLE'], ['BIGINT', '1', '007', 'VARCHAR'], ['BIGINT', '1', '1_000', 'VARCHAR'], ['DOUBLE', '1.5', 'x', 'VARCHAR'], ['DOUBLE', '1.5', '0.12345678901234567', 'VARCHAR'], ['BOOLEAN', 'true', '1', 'VARCHAR'],
    ['DATE', '2025-01-05', '2025-01-05T10:00:00', 'TIMESTAMP'], ['DATE', '2025-01-05', '5.1.2025', 'VARCHAR'], ['TIMESTAMP', '2025-01-05 10:00:00', '2025-01-05 10:00:00+02', 'VARCHAR'], ['"NULL"', '', '12', 'BIGINT'], ['"NULL"', '', '2025-01-05T10:00:00Z', 'TIMESTAMP WITH TIME ZONE'], ['"NULL"', '', 'nan', 'VARCHAR'],
  ])('%s, for %s and then %s, becomes %s', async (type, usual, odd, wider) => {
    const text = `${many(usual)}${odd},y\n`
    expect((await room.inspect(text)).columns[0]?.type).toBe(type)
    const read = await room.read(text)
    expect(read.columns[0]).toBe(`a ${wider}`)
    expect(read.rows).toHaveLength(100_001)
    if (wider === 'VARCHAR') expect([read.rows[0]?.[0], read.rows.at(-1)?.[0]]).toEqual([usual || null, odd])
  })
})

describe('a file like another', () => {
  const text = 'a,b\n1,x\n2,y\n'
  test('has its dialect without a search, and types of its own', async () => {
    const like = await room.inspect(text)
    const again = await room.inspect('a,b\n1.5,2\n', {}, like)
    expect(again.columns.map(({ type }) => type)).toEqual(['DOUBLE', 'BIGINT'])
    expect(again.csv).toEqual(like.csv)
  })

  test.each([['another delimiter', 'a;b\n1;x\n'], ['other names', 'a,c\n1,x\n'], ['more columns', 'a,b,c\n1,x,2\n'], ['other line ends', 'a,b\r\n1,x\r\n'], ['a title', 'T\na,b\n1,x\n2,y\n']])('is looked at for itself when it has %s', async (_, other) => {
    const like = await room.inspect(text)
    expect(await room.inspect(other, {}, like)).toEqual(await room.inspect(other))
  })

  test('a later piece of a long one begins with a row', async () => {
    const like = await room.inspect(text)
    const file = room.file('3,z\n')
    const inspection = await csvFormat.inspect(room.engine, file, settingsOf({}), like, { isFirst: false, linesBefore: 3 })
    expect((await room.readPiece({ file, inspection, isFirst: false, linesBefore: 3 })).rows).toEqual([['3', 'z']])
  })
})
