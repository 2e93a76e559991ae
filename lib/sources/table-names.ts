const NAME_LENGTH_MAX = 120

/** A name in lower snake case of letters, digits and `_`: `Order Items` → `order_items`. */
export function snakeCase(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}

/** What all tables of a source begin with: `shop_postgres`. */
export function tablePrefix(prefix: string, connectorId: string): string {
  return [snakeCase(prefix), snakeCase(connectorId)].filter(Boolean).join('_')
}

/**
 * A table's name in the warehouse, `{prefix}{connector}_{schema}`, with a number behind it where it is taken.
 * `taken` is kept up to date for the next name.
 */
export function tableNameFor(prefix: string, connectorId: string, schemaName: string, taken: Set<string>): string {
  const base = `${tablePrefix(prefix, connectorId)}_${snakeCase(schemaName) || 'table'}`.slice(0, NAME_LENGTH_MAX)
  let name = base
  for (let number = 2; taken.has(name); number++) name = `${base}_${number}`
  taken.add(name)
  return name
}
