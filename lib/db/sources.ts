import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { prisma } from './client'
import { Prisma } from './generated/client'
import { schemaData, type NewSchema } from './schemas'

const Config = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

export interface SourceRow {
  id: string
  workspaceId: string
  connector: string
  name: string
  prefix: string
  config: z.infer<typeof Config>
  sealedSecrets: string
  createdAt: Date
}

function toRow(row: Omit<SourceRow, 'config'> & { config: unknown }): SourceRow {
  return { ...row, config: Config.parse(row.config) }
}

const columns = { id: true, workspaceId: true, connector: true, name: true, prefix: true, config: true, sealedSecrets: true, createdAt: true } as const

export async function findSource(workspaceId: string, sourceId: string): Promise<SourceRow | null> {
  const row = await prisma().source.findFirst({ where: { id: sourceId, workspaceId }, select: columns })
  return row && toRow(row)
}

/** Every source of the workspace, oldest first. */
export async function listSources(workspaceId: string): Promise<SourceRow[]> {
  const rows = await prisma().source.findMany({ where: { workspaceId }, select: columns, orderBy: { createdAt: 'asc' } })
  return rows.map(toRow)
}

/** One statement for thousands of schemas takes many times as long to prepare as several for some hundreds. */
const SCHEMAS_AT_ONCE = 250
const INSERT_MS = 60_000

export type NewSource = Omit<SourceRow, 'createdAt'>

/** A source and its schemas, or neither. A taken name, prefix or table name is a `conflict`. */
export async function insertSource(source: NewSource, schemas: NewSchema[]): Promise<void> {
  try {
    await prisma().$transaction(async (transaction) => {
      await transaction.source.create({ data: source })
      for (let from = 0; from < schemas.length; from += SCHEMAS_AT_ONCE) {
        const some = schemas.slice(from, from + SCHEMAS_AT_ONCE)
        await transaction.sourceSchema.createMany({ data: some.map((schema) => ({ ...schemaData(schema), workspaceId: source.workspaceId, sourceId: source.id })) })
      }
    }, { timeout: INSERT_MS })
  } catch (error) {
    throw asConflict(error)
  }
}

export async function updateSource(workspaceId: string, sourceId: string, change: Partial<Pick<SourceRow, 'name' | 'config' | 'sealedSecrets'>>): Promise<void> {
  try {
    await prisma().source.updateMany({ where: { id: sourceId, workspaceId }, data: change })
  } catch (error) {
    throw asConflict(error)
  }
}

/** Removes the source with its schemas, versions, files and runs from the database; the files in the store are the caller's. */
export async function deleteSourceRow(workspaceId: string, sourceId: string): Promise<void> {
  await prisma().source.deleteMany({ where: { id: sourceId, workspaceId } })
}

function asConflict(error: unknown): unknown {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') return error
  const target = JSON.stringify(error.meta ?? {})
  if (target.includes('tableName')) return new AppError('conflict', { title: 'A table of this name exists already', advice: 'Choose another prefix' }, { cause: error })
  if (target.includes('prefix')) return new AppError('conflict', { title: 'A source of this kind with this prefix exists already', advice: 'Choose another prefix' }, { cause: error })
  return new AppError('conflict', { title: 'A source of this name exists already', advice: 'Choose another name' }, { cause: error })
}
