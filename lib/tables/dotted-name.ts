import { tablePrefix } from '@/lib/sources/table-names'

/** The second name of a table: `shop_postgres_orders` of the connector `postgres` with the prefix `shop` is `shop_postgres.orders`. */
export function dottedName(tableName: string, prefix: string, connectorId: string): string {
  const stem = tablePrefix(prefix, connectorId)
  return tableName.startsWith(`${stem}_`) ? `${stem}.${tableName.slice(stem.length + 1)}` : `${stem}.${tableName}`
}
