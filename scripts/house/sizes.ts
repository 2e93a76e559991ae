import { walk, type SourceFile } from './source-files'
import type { Violation } from './violation'

const FILE_LINES = 400
const FUNCTION_LINES = 70

/** No file and no function is longer than a person reads in one go; tests are read too. */
export function checkSizes(files: SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const lines = file.text.trimEnd().split('\n').length
    const found: Violation[] = lines > FILE_LINES ? [{ rule: 'file-size', file: file.file, line: FILE_LINES, words: `has ${lines} lines, more than ${FILE_LINES}` }] : []
    walk(file.program, (node) => {
      if (!['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(node.type)) return
      const length = linesOfCode(file.text.slice(node.start, node.end))
      if (length > FUNCTION_LINES) found.push({ rule: 'function-size', file: file.file, line: file.lineOf(node.start), words: `holds a function of ${length} lines, more than ${FUNCTION_LINES}` })
    })
    return found
  })
}

/** Blank lines and comments do not count. */
function linesOfCode(text: string): number {
  return text.split('\n').filter((line) => !/^\s*(\/\/.*|\/?\*.*)?$/.test(line)).length
}
