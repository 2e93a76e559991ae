import path from 'node:path'
import { FileProblem } from '../file-problem'
import { readXml } from './read-xml'
import type { ZipParts } from './zip-parts'

export interface Workbook {
  worksheets: { name: string; part: string }[]
  /** Do dates count from 1904? */
  is1904: boolean
  sharedTexts: string | null
  styles: string | null
}

interface Relation {
  id: string
  /** The last word of its type: `worksheet`, `sharedStrings`. */
  kind: string
  part: string
}

/** What a workbook is made of. */
export async function readWorkbookParts(parts: ZipParts): Promise<Workbook> {
  const part = await workbookPart(parts)
  const relations = await relationsOf(parts, part)
  const sheets: { name: string; id: string }[] = []
  let is1904 = false
  await readXml(parts, part, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = ['1', 'true', 'on'].includes(attributes.date1904 ?? '')
      if (name === 'sheet') sheets.push({ name: attributes.name ?? '', id: idOf(attributes) })
    },
  })
  const worksheets = sheets.flatMap(({ name, id }) => {
    const relation = relations.find((one) => one.id === id && one.kind === 'worksheet')
    return relation ? [{ name, part: relation.part }] : []
  })
  const partOf = (kind: string) => relations.find((relation) => relation.kind === kind)?.part ?? null
  return { worksheets, is1904, sharedTexts: partOf('sharedStrings'), styles: partOf('styles') }
}

async function workbookPart(parts: ZipParts): Promise<string> {
  if (parts.has('_rels/.rels')) {
    const part = (await relationsOf(parts, '')).find(({ kind }) => kind === 'officeDocument')?.part
    if (part?.endsWith('.bin')) throw new FileProblem(`${parts.file.address} is a binary workbook`, 'Files with the ending .xlsb are not read', 'Open it in Excel and save it as .xlsx')
    if (part !== undefined && parts.has(part) && /sheet|workbook|xl\//i.test(part)) return part
  }
  throw new FileProblem(`${parts.file.address} is no Excel workbook`, 'It is a zip file with something else in it', 'Choose the format that the file has, or save it as .xlsx')
}

async function relationsOf(parts: ZipParts, part: string): Promise<Relation[]> {
  const folder = path.posix.dirname(part)
  const relations: Relation[] = []
  await readXml(parts, part === '' ? '_rels/.rels' : path.posix.join(folder, '_rels', `${path.posix.basename(part)}.rels`), {
    open(name, { Id = '', Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship' || TargetMode === 'External') return
      const target = Target.startsWith('/') ? Target.slice(1) : path.posix.join(folder, Target)
      relations.push({ id: Id, kind: Type.slice(Type.lastIndexOf('/') + 1), part: target })
    },
  })
  return relations
}

/** `r:id`, whatever the prefix. */
function idOf(attributes: Record<string, string>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
}
