import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { FileProblem } from '../file-problem'
import type { LocalFile } from '../format'
import { excelToCsv, type WrittenSheet } from './excel-to-csv'
import { workbookParts, zipOf, type WorkbookForTest } from './workbook-for-test'

const folder = mkdtempSync(path.join(tmpdir(), 'excel-'))
afterAll(() => rmSync(folder, { recursive: true }))
const signal = new AbortController().signal

function fileOf(bytes: Buffer): LocalFile {
  const file = { path: path.join(folder, 'a.xlsx'), bytes: bytes.length, address: 's3://b/a.xlsx' }
  writeFileSync(file.path, bytes)
  return file
}

async function written(bytes: Buffer, worksheet?: string): Promise<WrittenSheet & { csv: string }> {
  const target = path.join(folder, 'a.csv')
  const sheet = await excelToCsv(fileOf(bytes), worksheet, target, signal)
  return { ...sheet, csv: readFileSync(target, 'utf8') }
}

async function csvOf(rows: string, more: Partial<WorkbookForTest> = {}): Promise<string> {
  return (await written(zipOf(workbookParts({ sheets: { Data: rows }, ...more })))).csv
}

async function problem(bytes: Buffer, worksheet?: string): Promise<string> {
  const error: unknown = await written(bytes, worksheet).then(() => 'was read', (thrown: unknown) => thrown)
  if (!(error instanceof FileProblem)) throw new Error(`Not refused in words: ${String(error)}`)
  return `${error.title}. ${error.detail}`
}

/** A row of one cell of text for a header, and one of the given cell. */
function one(cell: string): string {
  return `<row r="1"><c r="A1" t="inlineStr"><is><t>h</t></is></c></row><row r="2">${cell}</row>`
}

async function valueOf(cell: string, more?: Partial<WorkbookForTest>): Promise<string> {
  return (await csvOf(one(cell), more)).split('\n').slice(1).join('\n').trimEnd()
}

describe('cells', () => {
  it.each([
    ['a whole number', '<c><v>12345678901234567</v></c>', '12345678901234567'],
    ['a number as the double that it is', '<c><v>0.10000000000000001</v></c>', '0.1'],
    ['a large number', '<c><v>1.5E+20</v></c>', '1.5e+20'],
    ['a text of its own', '<c t="inlineStr"><is><t>a "b", é&amp;&#10;c</t></is></c>', '"a ""b"", é&\nc"'],
    ['a text with looks and how it is spoken', '<c t="inlineStr"><is><r><rPr/><t>Tri</t></r><r><t xml:space="preserve"> bu</t></r><rPh><t>no</t></rPh></is></c>', '"Tri bu"'],
    ['a text that looks like a number', '<c t="inlineStr"><is><t>007</t></is></c>', '"007"'],
    ['escaped control characters', '<c t="inlineStr"><is><t>a_x0009_b_x005F_x0009_ _xD83D__xDE00_ _xD83D_</t></is></c>', '"a\tb_x0009_ 😀 _xD83D_"'],
    ['a truth', '<c t="b"><v>1</v></c>', 'true'],
    ['a formula by its stored value', '<c t="str"><f>A1&amp;"x"</f><v>hx</v></c>', '"hx"'],
    ['a date of its own', '<c t="d"><v>2025-01-31T10:00:00</v></c>', '2025-01-31T10:00:00'],
    ['a date that is none', '<c t="d"><v>1,"2</v></c>', '"1,""2"'],
  ])('%s', async (_, cell, expected) => {
    expect(await valueOf(cell)).toBe(expected)
  })

  it.each([
    ['yyyy-mm-dd', '45688', '2025-01-31'],
    ['d.m.yy h:mm', '45688.4375', '2025-01-31 10:30:00'],
    ['[$-409]mmm\\-yy;@', '45688', '2025-01-31'],
    ['yyyy-mm-dd hh:mm:ss.000', '45688.000011574', '2025-01-31 00:00:01'],
    ['yyyy-mm-dd', '59', '1900-02-28'],
    ['yyyy-mm-dd', '61', '1900-03-01'],
    ['yyyy-mm-dd', '60', '60'],
    ['yyyy-mm-dd', '-5', '-5'],
    ['yyyy-mm-dd', '2958465', '9999-12-31'],
    ['h:mm AM/PM', '0.75', '18:00:00'],
    ['mm:ss.0', '0.0000578703703703704', '00:00:05'],
    ['[h]:mm', '1.5', '1.5'],
    ['0.00', '1.5', '1.5'],
    ['#,##0 "days"', '1.5', '1.5'],
    ['[Red]0.0;[Blue]-0.0', '1.5', '1.5'],
    ['General', '1.5', '1.5'],
  ])('as %s, the number %s', async (format, number, expected) => {
    expect(await valueOf(`<c s="1"><v>${number}</v></c>`, { formats: [format.replaceAll('"', '&quot;')] })).toBe(expected)
  })

  it('dates that count from 1904', async () => {
    expect(await valueOf('<c s="1"><v>0</v></c>', { formats: ['yyyy-mm-dd'], workbookPr: 'date1904="1"' })).toBe('1904-01-01')
    expect(await valueOf('<c s="1"><v>44226</v></c>', { formats: ['yyyy-mm-dd'], workbookPr: 'date1904="true"' })).toBe('2025-01-31')
  })

  it('texts that cells share', async () => {
    const rows = `<row><c t="s"><v>0</v></c></row>${'<row><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c></row>'.repeat(2)}`
    expect(await csvOf(rows, { texts: '<si><t>name</t></si><si><r><t>a</t></r><r><t>b</t></r></si><si><t/></si>' })).toBe('"name"\n"ab"\n""\n"ab"\n""\n')
    expect(await problem(zipOf(workbookParts({ sheets: { a: rows }, texts: '' })))).toContain('Row 1, cell 1: it has a text that the workbook does not have')
  })
})

describe('the table', () => {
  const cell = (reference: string, value: number) => `<c r="${reference}"><v>${value}</v></c>`

  it('begins at the first cell that holds something; empty cells are NULL', async () => {
    expect(await csvOf(`<row r="1"><c r="A1" s="0"/></row><row r="3">${cell('B3', 1)}${cell('D3', 2)}</row><row r="4">${cell('D4', 3)}</row>`)).toBe('1,,2\n,,3\n')
  })

  it('has room for cells that lie beside the header', async () => {
    expect(await csvOf(`<row r="1">${cell('B1', 1)}</row><row r="2">${cell('B2', 2)}</row><row r="3">${cell('A3', 3)}${cell('AA3', 4)}</row>`)).toBe(`,1${','.repeat(25)}\n,2${','.repeat(25)}\n3${','.repeat(26)}4\n`)
  })

  it('tells of errors, formulas without a value, merged cells and empty rows, and counts hidden rows', async () => {
    const rows = `<row><c><v>1</v></c><c><v>2</v></c></row><row hidden="1"><c t="e"><v>#N/A</v></c><c><v>3</v></c></row><row><c><f>NOW()</f></c><c t="inlineStr"><is><t>x</t></is></c></row><row/>`
    expect(await written(zipOf(workbookParts({ sheets: { Data: rows }, after: '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>' })))).toEqual({
      csv: '1,2\n,3\n,"x"\n', worksheet: 'Data', worksheets: ['Data'], rows: 2, textColumns: [1],
      notes: ['1 cell shows an error such as #N/A, and is NULL', '1 formula has no value stored with it, and is NULL: open the workbook in Excel and save it', '1 range of cells is merged: its value is in the first cell alone', '1 empty row was left out'],
    })
  })

  it('is of the worksheet that was asked for, or the first', async () => {
    const bytes = zipOf(workbookParts({ sheets: { 'A &amp; B': one(cell('A2', 1)), Second: one(cell('A2', 2)) } }))
    expect((await written(bytes, 'second'))).toMatchObject({ worksheet: 'Second', worksheets: ['A & B', 'Second'] })
    expect([(await written(bytes)).csv, (await written(bytes, 'second')).csv]).toEqual(['"h"\n1\n', '"h"\n2\n'])
    expect(await problem(bytes, 'Third')).toBe('s3://b/a.xlsx has no worksheet Third. It has A & B, Second')
  })

  it('may have prefixes in its XML, and none at all in its rows', async () => {
    const parts = workbookParts({ sheets: { Data: '' } })
    expect((await written(zipOf({ ...parts, 'xl/worksheets/sheet0.xml': '<x:worksheet xmlns:x="u"><x:sheetData><x:row><x:c><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>' }))).csv).toBe('5\n')
    expect(await written(zipOf(parts))).toMatchObject({ csv: '', rows: 0 })
  })
})

describe('what is no workbook is refused in words', () => {
  const parts = workbookParts({ sheets: { Data: one('<c><v>1</v></c>') } })

  it.each([
    ['an old workbook', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000)]), 's3://b/a.xlsx is an old Excel workbook'],
    ['an encrypted workbook', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1000), Buffer.from('EncryptedPackage', 'utf16le')]), 's3://b/a.xlsx is encrypted'],
    ['nothing', Buffer.alloc(0), 's3://b/a.xlsx is empty'],
    ['a text', Buffer.from('a,b\n1,2\n'), 's3://b/a.xlsx is no Excel workbook'],
    ['another zip file', zipOf({ 'a.txt': 'x' }), 's3://b/a.xlsx is no Excel workbook. It is a zip file with something else in it'],
    ['a binary workbook', zipOf({ '_rels/.rels': '<Relationships><Relationship Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>' }), 's3://b/a.xlsx is a binary workbook'],
    ['half a workbook', zipOf(parts).subarray(0, 700), 's3://b/a.xlsx is damaged, or no Excel workbook'],
    ['a workbook without its worksheet', zipOf(Object.fromEntries(Object.entries(parts).filter(([name]) => !name.includes('sheet0')))), 's3://b/a.xlsx is no complete workbook. It has no part xl/worksheets/sheet0.xml'],
    ['XML that breaks off', zipOf({ ...parts, 'xl/worksheets/sheet0.xml': '<worksheet><sheetData><row>' }), 's3://b/a.xlsx is no Excel workbook. xl/worksheets/sheet0.xml is not the XML that it should be'],
    ['a number that is none', zipOf(workbookParts({ sheets: { a: one('<c><v>12x</v></c>') } })), 'it should hold a number, and has "12x"'],
    ['cells out of order', zipOf(workbookParts({ sheets: { a: '<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>' } })), 's3://b/a.xlsx is damaged. Row 1, cell 2: it is followed by one that cannot follow it'],
    ['entities of its own', zipOf({ ...parts, 'xl/worksheets/sheet0.xml': '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="str"><v>&x;</v></c></row></sheetData></worksheet>' }), 'xl/worksheets/sheet0.xml declares a document type'],
    ['bytes that are no UTF-8', zipOf({ ...parts, 'xl/worksheets/sheet0.xml': Buffer.from('<worksheet>\xff</worksheet>', 'latin1') }), 'is not the XML that it should be'],
  ])('%s', async (_, bytes, words) => {
    expect(await problem(bytes)).toContain(words)
  })

  it('a part whose bytes changed', async () => {
    const bytes = zipOf(parts)
    bytes.writeUInt32LE(1, bytes.indexOf('PK\x01\x02', bytes.indexOf('PK\x01\x02') + 4) + 16)
    expect(await problem(bytes)).toContain('is damaged, or no Excel workbook')
  })

  it('a zip bomb, before it is unpacked, and one that hides its length, while it is', async () => {
    const bytes = zipOf(parts)
    const last = bytes.lastIndexOf('PK\x01\x02')
    const length = bytes.readUInt32LE(last + 24)
    bytes.writeUInt32LE(3_000_000_000, last + 24)
    expect(await problem(bytes)).toContain('s3://b/a.xlsx is too large')
    bytes.writeUInt32LE(length - 1, last + 24)
    expect(await problem(bytes)).toContain('is damaged')
  })
})
