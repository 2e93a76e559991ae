/** A table of the warehouse with a committed version, as the tree of the SQL screen shows it. */
export interface TableView {
  schemaId: string
  sourceId: string
  sourceName: string
  connector: string
  /** `shop_postgres_orders` */
  name: string
  /** `shop_postgres.orders` */
  dottedName: string
  rows: number
  columns: { name: string; type: string }[]
  lastSyncedAt: string | null
}
