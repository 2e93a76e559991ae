import type { SourceFile } from './source-files'
import type { Violation } from './violation'

const VAGUE = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'managers']

/** A name says what is inside; a folder has no second door. */
export function checkNames(files: SourceFile[]): Violation[] {
  return files.flatMap(({ file }) => {
    const parts = file.split('/').map((part, index, all) => (index === all.length - 1 ? part.replace(/(\.(db|test|spec|setup|config))*\.\w+$/, '') : part))
    const found: Violation[] = []
    const tell = (rule: string, words: string) => found.push({ rule, file, line: 1, words })
    const last = parts.at(-1) ?? ''
    if (last === 'index') tell('barrels', 'is a barrel: import the file that is meant')
    for (const part of parts) {
      if (part.split('-').some((word) => VAGUE.includes(word))) tell('names', `"${part}" says nothing: name what is inside`)
      // Next's own marks: [param], (group), @slot
      if (!/^[[(@]?[a-z0-9.]+(-[a-z0-9]+)*[\])]?$/.test(part) && !/^\[+(\.\.\.)?[a-zA-Z]+\]+$/.test(part)) tell('names', `"${part}" is not written in kebab-case`)
    }
    return found
  })
}
