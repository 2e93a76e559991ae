import fs from 'node:fs'
import path from 'node:path'
import { projectFolder } from '@/lib/core/env'
import columns from '@/lib/connectors/stripe/columns.json'
import { STRIPE_OBJECTS } from '@/scripts/stripe/objects'

interface Field {
  isOptional: boolean
  isNullable: boolean
}

const RESOURCES = path.join(projectFolder(), 'node_modules/stripe/esm/resources')

const known = new Map<string, Map<string, Field>>()

/** The fields of a schema's objects, as the official package declares them. */
export function declaredFields(schema: string): Map<string, Field> {
  const fields = known.get(schema) ?? readFields(schema)
  known.set(schema, fields)
  return fields
}

function readFields(schema: string): Map<string, Field> {
  const place = STRIPE_OBJECTS[schema]
  if (!place) throw new Error(`Nobody knows where ${schema} is declared`)
  const text = fs.readFileSync(path.join(RESOURCES, `${place.file}.d.ts`), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
  const body = new RegExp(`^( *)(?:export )?(?:declare )?interface ${place.name} (?:extends \\w+ )?\\{\\n([\\s\\S]*?)^\\1\\}`, 'm').exec(text)?.[2]
  if (body === undefined) throw new Error(`${place.file} declares no ${place.name}`)
  // only what stands directly in it, not in an object within
  const indent = /^( *)\w/m.exec(body)?.[1] ?? ''
  const members = [...body.matchAll(new RegExp(`^${indent}(\\w+)(\\??): ([^;{]*)`, 'gm'))]
  return new Map(members.map(([, name = '', optional, type = '']) => [name, { isOptional: optional === '?', isNullable: /\bnull\b/.test(type) || type.includes('\n') }]))
}

const KINDS: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  id: (value) => typeof value === 'string' && value !== '',
  integer: (value) => Number.isSafeInteger(value),
  float: (value) => Number.isFinite(value),
  decimal: (value) => typeof value === 'string' && /^-?\d{1,26}(\.\d{1,12})?$/.test(value),
  boolean: (value) => typeof value === 'boolean',
  timestamp: (value) => Number.isSafeInteger(value) && Number(value) > 1_000_000_000 && Number(value) < 10_000_000_000,
  array: (value) => Array.isArray(value),
  object: isHash,
  list: isHash,
  map: (value) => isHash(value) && Object.values(value).every((text) => typeof text === 'string'),
}

function isHash(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong with an object of a schema, in words; empty when it is as declared. `apart`: fields that others send or keep. */
export function faultsOf(schema: keyof typeof columns, object: Record<string, unknown>, apart: string[] = []): string[] {
  const fields = declaredFields(schema)
  const kinds = new Map<string, string>(Object.entries(columns[schema]))
  const missing = [...fields].filter(([name, { isOptional }]) => !isOptional && !apart.includes(name) && object[name] === undefined).map(([name]) => `${name} is missing`)
  const wrong = Object.entries(object).flatMap(([name, value]) => {
    const [field, kind] = [fields.get(name), kinds.get(name)]
    if (apart.includes(name) || value === undefined) return []
    if (!field || kind === undefined) return [`${name} is not declared`]
    if (value === null) return field.isNullable ? [] : [`${name} is null`]
    return KINDS[kind]?.(value) ? [] : [`${name} is no ${kind}: ${JSON.stringify(value)}`]
  })
  return [...missing, ...wrong]
}
