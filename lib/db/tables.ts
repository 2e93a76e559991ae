import { prisma } from './client'
import { VersionColumn } from './table-snapshot'

/** A table with a committed version, by its names alone. */
export interface TableNameRow {
  schemaId: string
  tableName: string
  connector: string
  prefix: string
}

/** A table with a committed version, with what a list of tables shows. */
export interface TableRow extends TableNameRow {
  sourceId: string
  sourceName: string
  rows: number
  columns: { name: string; type: string }[]
  lastSyncedAt: Date | null
}

/** The names of every table that can be queried. */
export async function listTableNameRows(workspaceId: string): Promise<TableNameRow[]> {
  const rows = await prisma().sourceSchema.findMany({
    where: { workspaceId, currentVersion: { not: null } },
    select: { id: true, tableName: true, source: { select: { connector: true, prefix: true } } },
    orderBy: { tableName: 'asc' },
  })
  return rows.map((row) => ({ schemaId: row.id, tableName: row.tableName, connector: row.source.connector, prefix: row.source.prefix }))
}

/** Every table that can be queried, by name. Three queries, whatever the number of tables. */
export async function listTableRows(workspaceId: string): Promise<TableRow[]> {
  const schemas = await prisma().sourceSchema.findMany({
    where: { workspaceId, currentVersion: { not: null } },
    select: { id: true, tableName: true, currentVersion: true, lastSyncedAt: true, source: { select: { id: true, name: true, connector: true, prefix: true } } },
    orderBy: { tableName: 'asc' },
  })
  const versions = await prisma().$queryRaw<{ schemaId: string; rows: bigint; columns: unknown }[]>`
    SELECT v."schemaId", v.rows, v.columns FROM "TableVersion" v
    JOIN "SourceSchema" s ON s.id = v."schemaId" AND s."currentVersion" = v.number
    WHERE s."workspaceId" = ${workspaceId}::uuid`
  const current = new Map(versions.map((version) => [version.schemaId, version]))
  return schemas.flatMap(({ id, tableName, lastSyncedAt, source }) => {
    const version = current.get(id)
    if (!version) return []
    const columns = VersionColumn.array().parse(version.columns).map(({ name, type }) => ({ name, type }))
    return [{ schemaId: id, tableName, connector: source.connector, prefix: source.prefix, sourceId: source.id, sourceName: source.name, rows: Number(version.rows), columns, lastSyncedAt }]
  })
}
