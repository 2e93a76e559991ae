import { Refusal } from './engine-failure'

export interface Reference {
  /** Empty for a plain name. */
  schema: string
  name: string
}

export interface TreeReading {
  references: Reference[]
  wantsCatalogue: boolean
  /** The texts inside `query('…')`. */
  nestedTexts: string[]
}

/**
 * Table functions that only compute. Everything else is refused: file readers (the engine's lock refuses them too), and
 * `enable_logging` and its kin, which the engine counts as SELECT and lets change things in spite of its lock (tried).
 */
const TABLE_FUNCTIONS = new Set(['range', 'generate_series', 'unnest', 'repeat', 'repeat_row', 'json_each', 'json_tree', 'query', 'query_table', 'histogram', 'histogram_values', 'summary', 'pg_timezone_names', 'icu_calendar_names', 'duckdb_functions', 'duckdb_keywords', 'duckdb_types', 'duckdb_tables', 'duckdb_columns', 'duckdb_views', 'duckdb_schemas', 'duckdb_databases', 'pragma_version', 'pragma_show', 'pragma_table_info', 'pragma_collations', 'test_all_types'])
/** Scalar functions that write, or that tell where things are on this machine. */
const REFUSED_FUNCTIONS = new Set(['write_log', 'current_setting', 'getenv'])
const CATALOGUE_FUNCTIONS = new Set(['duckdb_tables', 'duckdb_columns', 'duckdb_views', 'duckdb_schemas'])
const CATALOGUE_SCHEMAS = new Set(['information_schema', 'pg_catalog'])

type Node = Record<string, unknown>

/** What the serialized statements refer to; throws a Refusal for a function that has no place in a query. */
export function readTree(trees: unknown[]): TreeReading {
  const reading: TreeReading = { references: [], wantsCatalogue: false, nestedTexts: [] }
  // a list instead of recursion: hostile text may nest deeper than the stack
  const open: unknown[] = [...trees]
  while (open.length > 0) {
    const value = open.pop()
    if (value === null || typeof value !== 'object') continue
    if (!Array.isArray(value)) readNode(value as Node, reading)
    for (const child of Object.values(value)) if (child !== null && typeof child === 'object') open.push(child)
  }
  return reading
}

function readNode(node: Node, reading: TreeReading): void {
  if (node.type === 'BASE_TABLE') readTable(node, reading)
  if (node.type === 'SHOW_REF') readShow(node, reading)
  if (node.type === 'TABLE_FUNCTION') readTableFunction(node.function as Node, reading)
  if (typeof node.function_name === 'string' && REFUSED_FUNCTIONS.has(node.function_name.toLowerCase())) {
    throw new Refusal('function', `The function ${node.function_name} is not available in queries`, locationOf(node))
  }
}

function readTable(node: Node, reading: TreeReading): void {
  const schema = String(node.schema_name ?? '')
  const name = String(node.table_name ?? '')
  if (CATALOGUE_SCHEMAS.has(schema.toLowerCase()) || /^(pg_|sqlite_|duckdb_)/i.test(name)) reading.wantsCatalogue = true
  reading.references.push({ schema, name })
}

function readShow(node: Node, reading: TreeReading): void {
  const name = String(node.table_name ?? '').replaceAll('"', '')
  if (/^(__|tables$|databases$|schemas$)/i.test(name)) reading.wantsCatalogue = true
  const parts = name.split('.')
  if (name) reading.references.push({ schema: parts.length > 1 ? parts.slice(0, -1).join('.') : String(node.schema_name ?? ''), name: parts.at(-1) ?? name })
}

function readTableFunction(call: Node, reading: TreeReading): void {
  const name = String(call?.function_name ?? '').toLowerCase()
  if (!TABLE_FUNCTIONS.has(name)) throw new Refusal('function', `The table function ${name} is not available in queries`, locationOf(call))
  if (CATALOGUE_FUNCTIONS.has(name)) reading.wantsCatalogue = true
  if (name !== 'query' && name !== 'query_table' && name !== 'pragma_show' && name !== 'pragma_table_info') return
  const texts = constantsOf(call.children)
  if (texts === undefined) throw new Refusal('function', `The function ${name} takes text constants here`, locationOf(call))
  if (name === 'query') reading.nestedTexts.push(...texts)
  else for (const text of texts) reading.references.push(referenceOf(text))
}

/** The texts of constant arguments (lists of them too); undefined when one of them would have to be computed first. */
function constantsOf(argumentNodes: unknown): string[] | undefined {
  const texts: string[] = []
  for (const node of Array.isArray(argumentNodes) ? (argumentNodes as Node[]) : []) {
    if (node.class === 'CONSTANT') {
      const value = (node.value as Node | undefined)?.value
      if (typeof value === 'string') texts.push(value)
    } else if (node.class === 'FUNCTION' && node.function_name === 'list_value') {
      const inner = constantsOf(node.children)
      if (inner === undefined) return undefined
      texts.push(...inner)
    } else return undefined
  }
  return texts
}

function referenceOf(text: string): Reference {
  const parts = text.replaceAll('"', '').split('.')
  return { schema: parts.slice(0, -1).join('.'), name: parts.at(-1) ?? '' }
}

function locationOf(node: Node): number | undefined {
  const location = node?.query_location
  return typeof location === 'number' && Number.isSafeInteger(location) ? location : undefined
}
