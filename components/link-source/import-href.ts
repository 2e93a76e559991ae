import type { Route } from 'next'

/** Where a source's first import is watched; the address keeps it over a reload. */
export function importHref(connectorId: string, sourceId: string): Route {
  return `/sources/new/${encodeURIComponent(connectorId)}?source=${encodeURIComponent(sourceId)}` as Route // typed routes know no query
}

/** A query over one synced table. */
export function queryHref(tableName: string): Route {
  return `/sql?table=${encodeURIComponent(tableName)}` as Route // typed routes know no query
}
