import { SaxesParser } from 'saxes'
import { AppError } from '@/lib/core/errors'
import { FileProblem } from '../file-problem'
import type { ZipParts } from './zip-parts'

export interface XmlHandlers {
  /** Names are without a prefix. */
  open?(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
  /** After every few kilobytes. */
  pause?(): Promise<void>
}

/** Reads a part as a stream. Entities of its own are refused, and nothing outside of it is ever asked for. */
export async function readXml(parts: ZipParts, part: string, handlers: XmlHandlers): Promise<void> {
  const parser = new SaxesParser({ xmlns: false, position: false })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  parser.on('doctype', () => {
    throw new FileProblem(`${parts.file.address} is no Excel workbook`, `${part} declares a document type, which no workbook has`, 'Save it again as .xlsx')
  })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => handlers.open?.(localName(name), attributes as Record<string, string>))
  if (handlers.text) parser.on('text', (text) => handlers.text?.(text))
  if (handlers.text) parser.on('cdata', (text) => handlers.text?.(text))
  parser.on('closetag', ({ name }) => handlers.close?.(localName(name)))
  try {
    for await (const chunk of parts.read(part)) {
      parser.write(decoder.decode(chunk, { stream: true }))
      await handlers.pause?.()
    }
    parser.write(decoder.decode())
    parser.close()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new FileProblem(`${parts.file.address} is no Excel workbook`, `${part} is not the XML that it should be`, 'Open it in Excel and save it again as .xlsx', error)
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}
