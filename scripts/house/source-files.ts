import fs from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.mjs', '.d.mts', '.js', '.css', '']
const FOLDERS = ['app', 'bench', 'cli', 'components', 'e2e', 'lib', 'scripts', 'test', 'trigger', 'worker']

export interface Import {
  /** As written: `@/lib/core/errors`, `./x`, `pg`. */
  specifier: string
  /** The file of ours, from the project folder; undefined for a package. */
  file: string | undefined
  line: number
  isType: boolean
}

export interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

export interface SourceFile {
  /** From the project folder, with forward slashes. */
  file: string
  text: string
  isTest: boolean
  imports: Import[]
  program: Node
  lineOf(offset: number): number
}

/** Every source file of the project, parsed; generated code is not ours to judge. */
export function readSourceFiles(root: string): SourceFile[] {
  const rootFiles = fs.readdirSync(root).filter((name) => /\.(ts|tsx|mts|mjs)$/.test(name) && !name.endsWith('.d.ts'))
  return [...rootFiles, ...FOLDERS.flatMap((folder) => listFiles(root, folder))].sort().flatMap((file) => (/\.(ts|tsx|mts|mjs)$/.test(file) && !/\.d\.m?ts$/.test(file) ? [readSourceFile(root, file)] : []))
}

export function listFiles(root: string, folder: string): string[] {
  const full = path.join(root, folder)
  if (!fs.existsSync(full)) return []
  return fs.readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`
    if (entry.isDirectory()) return file === 'lib/db/generated' || entry.name === 'node_modules' ? [] : listFiles(root, file)
    return [file]
  })
}

function readSourceFile(root: string, file: string): SourceFile {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  const lang = file.endsWith('x') ? 'tsx' : file.endsWith('.mjs') ? 'js' : 'ts'
  const program = parseAst(text, { lang }, file) as unknown as Node
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length
  const imports: Import[] = []
  walk(program, (node) => {
    const source = importSource(node)
    if (source !== undefined) imports.push({ specifier: source, file: resolve(root, file, source), line: lineOf(node.start), isType: isTypeOnly(node) })
  })
  return { file, text, program, lineOf, imports, isTest: /\.test\.tsx?$|\.spec\.ts$|^(test|e2e)\//.test(file) }
}

function importSource(node: Node): string | undefined {
  if (!['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'].includes(node.type)) return undefined
  const source = (node.source ?? node.argument) as { value?: unknown; literal?: { value?: unknown } } | null | undefined
  const value = source?.value ?? source?.literal?.value
  return typeof value === 'string' ? value : undefined
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true
  const specifiers = node.specifiers as { importKind?: string }[] | undefined
  return Boolean(specifiers?.length && specifiers.every((specifier) => specifier.importKind === 'type'))
}

/** The file of ours that an import means; undefined for packages and for what is generated or missing. */
function resolve(root: string, from: string, specifier: string): string | undefined {
  const base = specifier.startsWith('@/') ? specifier.slice(2) : /^\.\.?(\/|$)/.test(specifier) ? path.posix.join(path.posix.dirname(from), specifier) : undefined
  if (base === undefined) return undefined
  const found = EXTENSIONS.map((extension) => base + extension).find((candidate) => fs.existsSync(path.join(root, candidate)) && fs.statSync(path.join(root, candidate)).isFile())
  return found ?? base
}

/** Visit every node of a syntax tree, parents first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child === 'object' && typeof (child as Node).type === 'string') walk(child as Node, visit)
    }
  }
}
