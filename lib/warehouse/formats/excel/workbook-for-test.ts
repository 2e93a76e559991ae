import { crc32, deflateRawSync } from 'node:zlib'

/** A zip file of these parts, by hand: broken ones too can be made of it. */
export function zipOf(parts: Record<string, string | Buffer>): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content)
    const packed = deflateRawSync(bytes)
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(8, 4)
    head.writeUInt32LE(crc32(bytes), 10)
    head.writeUInt32LE(packed.length, 14)
    head.writeUInt32LE(bytes.length, 18)
    head.writeUInt16LE(Buffer.byteLength(name), 22)
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), head, Buffer.from(name), packed)
    const tail = Buffer.alloc(16)
    tail.writeUInt32LE(offset, 12)
    central.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), head, tail.subarray(2), Buffer.from(name))
    offset += 30 + Buffer.byteLength(name) + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(parts).length, 8)
  end.writeUInt16LE(Object.keys(parts).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

const TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export interface WorkbookForTest {
  /** The XML of `<sheetData>` by the names of the worksheets. */
  sheets: Record<string, string>
  /** The XML inside of `<sst>`. */
  texts?: string
  /** Format codes: style 1 has the first. */
  formats?: string[]
  workbookPr?: string
  /** After `<sheetData>`. */
  after?: string
}

/** The parts of a workbook. */
export function workbookParts({ sheets, texts = '', formats = [], workbookPr = '', after = '' }: WorkbookForTest): Record<string, string> {
  const names = Object.keys(sheets)
  const relation = (id: string, kind: string, target: string) => `<Relationship Id="${id}" Type="${TYPE}/${kind}" Target="${target}"/>`
  const relations = [...names.map((_, index) => relation(`r${index}`, 'worksheet', `worksheets/sheet${index}.xml`)), relation('t', 'sharedStrings', 'sharedStrings.xml'), relation('s', 'styles', '/xl/styles.xml')]
  return {
    '_rels/.rels': `<Relationships>${relation('w', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${relations.join('')}</Relationships>`,
    'xl/workbook.xml': `<?xml version="1.0" encoding="UTF-8"?><workbook><workbookPr ${workbookPr}/><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" rel:id="r${index}"/>`).join('')}</sheets></workbook>`,
    'xl/sharedStrings.xml': `<sst>${texts}</sst>`,
    'xl/styles.xml': `<styleSheet><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${code}"/>`).join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${200 + index}"/>`).join('')}</cellXfs></styleSheet>`,
    ...Object.fromEntries(Object.values(sheets).map((rows, index) => [`xl/worksheets/sheet${index}.xml`, `<worksheet><sheetData>${rows}</sheetData>${after}</worksheet>`])),
  }
}
