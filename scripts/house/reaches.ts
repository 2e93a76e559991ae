import { speaksHttp } from './speaks-http'
import { walk, type Node, type SourceFile } from './source-files'
import type { Violation } from './violation'

const HOUSE = /^(app|components|lib|trigger|worker|cli)\//
/** Next replaces these two while it builds; they exist nowhere else. */
const INLINED = ['NODE_ENV', 'NEXT_RUNTIME']
const NEXT_FILES = ['next.config.ts', 'proxy.ts', 'instrumentation.ts']

/** What needs no import: `process.env` and `fetch`. */
export function checkReaches(files: SourceFile[]): Violation[] {
  return files.filter((file) => !file.isTest).flatMap((file) => {
    const found: Violation[] = []
    const tell = (rule: string, node: Node, words: string) => found.push({ rule, file: file.file, line: file.lineOf(node.start), words })
    const allowed = NEXT_FILES.includes(file.file) ? inlinedReads(file.program) : new Set<Node>()
    const mayReadEnvironment = file.file === 'lib/core/env.ts' || !(HOUSE.test(file.file) || NEXT_FILES.includes(file.file))
    const mayFetch = !file.file.startsWith('lib/') || speaksHttp(file.file)
    walk(file.program, (node) => {
      if (!mayReadEnvironment && isProcessEnv(node) && !allowed.has(node)) tell('environment', node, 'reads process.env: the environment is read in lib/core/env.ts alone')
      if (!mayFetch && isFetch(node)) tell('http', node, 'calls fetch: the outside world is reached through lib/connectors/http.ts alone')
    })
    return found
  })
}

function named(node: unknown, name: string): boolean {
  const { type, name: own, value } = (node ?? {}) as { type?: string; name?: string; value?: unknown }
  return (type === 'Identifier' && own === name) || (type === 'Literal' && value === name)
}

function isProcessEnv(node: Node): boolean {
  if (node.type === 'MemberExpression') return named(node.object, 'process') && named(node.property, 'env')
  // const { env } = process
  return node.type === 'VariableDeclarator' && named(node.init, 'process') && (node.id as Node).type === 'ObjectPattern' && ((node.id as Node).properties as { key?: unknown }[]).some(({ key }) => named(key, 'env'))
}

function inlinedReads(program: Node): Set<Node> {
  const reads = new Set<Node>()
  walk(program, (node) => {
    if (node.type === 'MemberExpression' && INLINED.some((name) => named(node.property, name))) reads.add(node.object as Node)
  })
  return reads
}

function isFetch(node: Node): boolean {
  if (node.type !== 'CallExpression') return false
  const callee = node.callee as Node
  return named(callee, 'fetch') || (callee.type === 'MemberExpression' && named(callee.object, 'globalThis') && named(callee.property, 'fetch'))
}
