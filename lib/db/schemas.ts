import { z } from 'zod'
import { FilesSettings } from '@/lib/core/files-settings'
import { prisma } from './client'
import { Prisma } from './generated/client'
import type { Frequency, SyncMethod } from './generated/enums'

export interface SchemaRow {
  id: string
  workspaceId: string
  sourceId: string
  name: string
  location: Record<string, string>
  tableName: string
  /** How its files are read; null for everything but files. */
  fileSettings: FilesSettings | null
  enabled: boolean
  method: SyncMethod | null
  replicationKey: string | null
  /** How far below its cursor an incremental read begins; null for the usual one of the key's type. */
  lookBack: number | null
  keyColumns: string[]
  /** Null for every column. */
  columnNames: string[] | null
  frequency: Frequency
  /** DiscoveredSchema of the connector contract, as discovery saw it last. */
  discovered: unknown
  discoveredAt: Date
  nextRunAt: Date | null
  pausedReason: string | null
  currentVersion: number | null
  lastSyncedAt: Date | null
  /** How often everything is listed again, for deletions that nobody told; null for never. */
  reconcileFrequency: Frequency | null
  /** When every row was read last. */
  reconciledAt: Date | null
  /** Is it compared with its source after each sync? Null: as long as it has few rows enough. */
  proves: boolean | null
  /** How many versions of its table are kept, and for how many days; null for what its workspace says. */
  keptVersions: number | null
  keptVersionDays: number | null
  /** From which share of the rows on a version waits for somebody to decide; null for never. */
  brakePercent: number | null
}

export type NewSchema = Pick<SchemaRow, 'id' | 'name' | 'location' | 'tableName' | 'enabled' | 'method' | 'replicationKey' | 'keyColumns' | 'columnNames' | 'frequency' | 'discovered' | 'nextRunAt'> & Partial<Pick<SchemaRow, 'lookBack' | 'reconcileFrequency' | 'fileSettings'>>

export type SchemaChange = Partial<Pick<SchemaRow, 'enabled' | 'method' | 'replicationKey' | 'lookBack' | 'keyColumns' | 'columnNames' | 'frequency' | 'discovered' | 'discoveredAt' | 'location' | 'nextRunAt' | 'pausedReason' | 'lastSyncedAt' | 'reconcileFrequency' | 'proves' | 'brakePercent' | 'fileSettings' | 'keptVersions' | 'keptVersionDays'>>

const Location = z.record(z.string(), z.string())

type PrismaSchema = Prisma.SourceSchemaGetPayload<object>

function toRow({ allColumns, columnNames, location, fileSettings, createdAt: _, ...row }: PrismaSchema): SchemaRow {
  return { ...row, fileSettings: FilesSettings.nullable().parse(fileSettings), location: Location.parse(location), columnNames: allColumns ? null : columnNames }
}

/** A new row as Prisma takes it. JSON is copied, so that nothing unserialisable passes. */
export function schemaData({ columnNames, discovered, fileSettings, ...schema }: NewSchema) {
  return { ...schema, ...columnData(columnNames), ...fileSettingsData(fileSettings), discovered: asJson(discovered) }
}

function fileSettingsData(fileSettings: FilesSettings | null | undefined) {
  return fileSettings === undefined ? {} : { fileSettings: fileSettings ? asJson(fileSettings) : Prisma.DbNull }
}

function columnData(columnNames: string[] | null) {
  return { allColumns: columnNames === null, columnNames: columnNames ?? [] }
}

function asJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value))
}

export async function findSchema(workspaceId: string, schemaId: string): Promise<SchemaRow | null> {
  const row = await prisma().sourceSchema.findFirst({ where: { id: schemaId, workspaceId } })
  return row && toRow(row)
}

export async function listSchemas(workspaceId: string, where: { sourceId?: string; ids?: string[] }): Promise<SchemaRow[]> {
  const rows = await prisma().sourceSchema.findMany({
    where: { workspaceId, sourceId: where.sourceId, id: where.ids && { in: where.ids } },
    orderBy: { name: 'asc' },
  })
  return rows.map(toRow)
}

/** Every table name of the workspace that is taken. */
export async function listTableNames(workspaceId: string): Promise<string[]> {
  const rows = await prisma().sourceSchema.findMany({ where: { workspaceId }, select: { tableName: true } })
  return rows.map((row) => row.tableName)
}

export async function insertSchemas(workspaceId: string, sourceId: string, schemas: NewSchema[]): Promise<void> {
  await prisma().sourceSchema.createMany({ data: schemas.map((schema) => ({ ...schemaData(schema), workspaceId, sourceId })) })
}

/** Change several schemas at once; a field that isn't given isn't changed. */
export async function updateSchemas(workspaceId: string, schemaIds: string[], change: SchemaChange): Promise<number> {
  const { columnNames, discovered, fileSettings, ...rest } = change
  const { count } = await prisma().sourceSchema.updateMany({
    where: { workspaceId, id: { in: schemaIds } },
    data: { ...rest, ...(columnNames === undefined ? {} : columnData(columnNames)), ...fileSettingsData(fileSettings), ...(discovered === undefined ? {} : { discovered: asJson(discovered) }) },
  })
  return count
}

/** Removes the schema with its runs, versions and list of files from the database; the files in the store are the caller's. */
export async function deleteSchemaRow(workspaceId: string, schemaId: string): Promise<void> {
  await prisma().sourceSchema.deleteMany({ where: { id: schemaId, workspaceId } })
}

/** A changed config may mend what stopped the schedule: every enabled schema that rests is due again. */
export async function resumeSchedules(workspaceId: string, sourceId: string): Promise<void> {
  await prisma().sourceSchema.updateMany({ where: { workspaceId, sourceId, enabled: true, pausedReason: { not: null } }, data: { pausedReason: null, nextRunAt: new Date() } })
}
