import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { FileProblem } from '@/lib/warehouse/formats/file-problem'
import { JsonRoom, type ReadForTest } from '@/lib/warehouse/formats/json/read-for-test'

export interface JsonCorpusResult {
  file: string
  outcome: 'read right' | 'refused in words' | 'WRONG'
  words: string
}

/**
 * The documents of nst/JSONTestSuite (`test_parsing`), each as the value of a field: `y_` must be read, and come back as it is written, `n_` be refused in words, and `i_` one of the two.
 */
export async function readJsonCorpus(folder: string): Promise<JsonCorpusResult[]> {
  const names = (await readdir(folder)).filter((name) => /^[yni]_.*\.json$/.test(name)).sort()
  const room = await JsonRoom.open()
  try {
    const results: JsonCorpusResult[] = []
    for (const file of names) results.push({ file, ...(await outcomeOf(room, file, await readFile(path.join(folder, file)))) })
    return results
  } finally {
    await room.close()
  }
}

async function outcomeOf(room: JsonRoom, name: string, document: Buffer): Promise<Omit<JsonCorpusResult, 'file'>> {
  try {
    const read = await room.read(Buffer.concat([Buffer.from('[{"v":'), document, Buffer.from('}]')]))
    const isRight = !name.startsWith('n_') && isSame(read, document.toString())
    return { outcome: isRight ? 'read right' : 'WRONG', words: JSON.stringify(read.rows).slice(0, 100) }
  } catch (error) {
    if (!(error instanceof FileProblem)) return { outcome: 'WRONG', words: String(error) }
    return { outcome: name.startsWith('y_') ? 'WRONG' : 'refused in words', words: `${error.title}. ${error.detail ?? ''}` }
  }
}

/** Lists and objects come back to the letter, plain values as what they are. */
function isSame({ rows, types }: ReadForTest, document: string): boolean {
  const value = rows[0]?.[0]
  if (rows.length !== 1) return false
  if (types.v === 'JSON') return value === document.trim()
  const expected: unknown = JSON.parse(document)
  return typeof expected === 'number' ? Number(value) === expected : value === expected
}
