import fs from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vitest/node'
import type { Node } from '../house/source-files'
import { kindOfNumber } from './numbers'
import { STRIPE_OBJECTS, type StripeObjectPlace } from './objects'

/** Column name → what Stripe declares it to be: `timestamp`. */
type ColumnKinds = Record<string, string>

/** The columns of every schema, from the type declarations of the installed `stripe` package. */
export function stripeColumnKinds(root: string): Record<string, ColumnKinds> {
  return Object.fromEntries(Object.entries(STRIPE_OBJECTS).map(([schema, place]) => [schema, kindsOf(root, place)]))
}

/** Where the application finds them. */
export const COLUMNS_FILE = 'lib/connectors/stripe/columns.json'

export function columnsText(kinds: Record<string, ColumnKinds>): string {
  return `${JSON.stringify(kinds, null, 2)}\n`
}

interface Declarations {
  file: string
  /** Interfaces and aliases by name; those inside a namespace with its name before them: `Charge.Status`. */
  types: Map<string, Node>
}

function kindsOf(root: string, { file, name, asked = [], added = {} }: StripeObjectPlace): ColumnKinds {
  const declarations = readDeclarations(path.join(root, 'node_modules/stripe/esm/resources', `${file}.d.ts`))
  const found = declarations.types.get(name)
  if (found?.type !== 'TSInterfaceDeclaration') throw new Error(`${file} declares no interface ${name}`)
  const kinds: ColumnKinds = {}
  for (const member of (found.body as { body: Node[] }).body) {
    const column = (member.key as { name: string }).name
    const type = (member.typeAnnotation as { typeAnnotation: Node }).typeAnnotation
    if (column === 'deleted') continue // of objects that are gone, which no list holds
    const kind = kindOf(type, { column, name, declarations })
    // A list that may be missing is one that is only sent when it is asked for.
    if (kind === 'list' && member.optional === true && !asked.includes(column)) continue
    kinds[column] = kind
  }
  return { ...kinds, ...added }
}

interface Place {
  column: string
  name: string
  declarations: Declarations
}

function kindOf(type: Node, place: Place): string {
  const kinds = new Set(flatten(type).flatMap((part) => kindOfPart(part, place)))
  // `string | Customer`: an id, unless one asks for the object itself.
  if (kinds.has('string') && kinds.has('object')) return 'id'
  const [kind, ...others] = kinds
  if (kind === undefined || others.length > 0) throw new Error(`${place.name}.${place.column} is ${[...kinds].join(' or ') || 'of no type'}: say what column that makes`)
  return kind
}

function flatten(type: Node): Node[] {
  if (type.type === 'TSParenthesizedType') return flatten(type.typeAnnotation as Node)
  return type.type === 'TSUnionType' ? (type.types as Node[]).flatMap(flatten) : [type]
}

function kindOfPart(part: Node, place: Place): string[] {
  switch (part.type) {
    case 'TSNullKeyword':
    case 'TSUndefinedKeyword':
    case 'TSVoidKeyword':
      return []
    case 'TSStringKeyword':
      return ['string']
    case 'TSBooleanKeyword':
      return ['boolean']
    case 'TSNumberKeyword':
      return [kindOfNumber(place.column, place.name)]
    case 'TSLiteralType':
      return [kindOfLiteral(part)]
    case 'TSArrayType':
      return ['array']
    case 'TSTypeLiteral':
      return ['object']
    case 'TSTypeReference':
      return kindOfReference(part, place)
    default:
      throw new Error(`${place.name}.${place.column} has a type of a kind not seen before: ${part.type}`)
  }
}

function kindOfLiteral(part: Node): string {
  const value = (part.literal as { value?: unknown }).value
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  throw new Error(`A literal of a kind not seen before: ${JSON.stringify(value)}`)
}

function kindOfReference(part: Node, place: Place): string[] {
  const name = nameOf(part.typeName as Node)
  if (name === 'Array') return ['array']
  if (name === 'ApiList') return ['list']
  if (name === 'Decimal') return ['decimal']
  if (name === 'OtherString') return ['string']
  if (name === 'Metadata') return ['map']
  const declared = place.declarations.types.get(name)
  // An alias is what it stands for; everything else, from this file or another, is an object.
  if (declared?.type !== 'TSTypeAliasDeclaration') return ['object']
  return flatten(declared.typeAnnotation as Node).flatMap((inner) => kindOfPart(inner, place))
}

function nameOf(node: Node): string {
  if (node.type === 'TSQualifiedName') return `${nameOf(node.left as Node)}.${nameOf(node.right as Node)}`
  return String(node.name)
}

function readDeclarations(file: string): Declarations {
  const program = parseAst(fs.readFileSync(file, 'utf8'), { lang: 'ts' }, file) as unknown as Node
  const types = new Map<string, Node>()
  collect(program.body as Node[], '', types)
  return { file, types }
}

function collect(statements: Node[], prefix: string, types: Map<string, Node>): void {
  for (const statement of statements) {
    const declaration = (statement.declaration as Node | null | undefined) ?? statement
    if (!('id' in declaration) || !declaration.id) continue
    const name = prefix + nameOf(declaration.id as Node)
    if (declaration.type === 'TSModuleDeclaration') collect(((declaration.body as { body?: Node[] } | null)?.body ?? []) as Node[], `${name}.`, types)
    else if (declaration.type === 'TSInterfaceDeclaration' || declaration.type === 'TSTypeAliasDeclaration') types.set(name, declaration)
  }
}
