import fs from 'node:fs'
import path from 'node:path'
import { listFiles } from './source-files'
import type { Violation } from './violation'

const ROOTS = 'app|bench|cli|components|docs|e2e|lib|prisma|public|scripts|test|trigger|worker'
const PATH = new RegExp(`(?<![\\w/.:@-])(?:${ROOTS})/[\\w\\-./[\\]()@]*`, 'g')
const LINK = /\]\(([^)\s#]+)(?:#[^)]*)?\)/g

/** A path that the documents name leads somewhere. */
export function checkDocPaths(root: string): Violation[] {
  const documents = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', ...listFiles(root, 'docs').filter((file) => file.endsWith('.md'))].filter((file) => fs.existsSync(path.join(root, file)))
  return documents.flatMap((file) =>
    fs.readFileSync(path.join(root, file), 'utf8').split('\n').flatMap((text, index) => {
      const missing = [...namedPaths(text), ...links(file, text)].filter((named) => !leadsSomewhere(root, named))
      return [...new Set(missing)].map((named) => ({ rule: 'doc-paths', file, line: index + 1, words: `names ${named}, which does not exist` }))
    }),
  )
}

function namedPaths(text: string): string[] {
  return [...text.matchAll(PATH)].map((match) => {
    const named = match[0].replace(/[.)\]]+$/, (end) => (isOpen(match[0], end) ? end : ''))
    // a pattern (`lib/connectors/<name>/x`, `docs/screens/*.png`) is followed up to its folder
    return /^[*<{…]/.test(text.slice(match.index + match[0].length)) ? named.slice(0, named.lastIndexOf('/') + 1) : named
  })
}

/** Does a bracket at the end belong to the path, as in `app/(workspace)`? */
function isOpen(named: string, end: string): boolean {
  return (end === ')' && named.includes('(')) || (end === ']' && named.includes('['))
}

function links(file: string, text: string): string[] {
  return [...text.matchAll(LINK)].flatMap(([, target]) => (target && !/^[a-z]+:/.test(target) ? [path.posix.join(path.posix.dirname(file), target)] : []))
}

function leadsSomewhere(root: string, named: string): boolean {
  return ['', '.ts', '.tsx', '.mjs'].some((extension) => fs.existsSync(path.join(root, named.replace(/\/$/, '') + extension)))
}
