import { prisma } from './client'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface NewLogLine {
  at: Date
  level: LogLevel
  message: string
}

export interface LogLineRow {
  id: string
  at: Date
  level: LogLevel
  message: string
}

/** PostgreSQL's text cannot hold NUL; a row of a log is no place for a whole page. */
const MESSAGE_LENGTH = 4_000

export async function insertRunLogs(workspaceId: string, runId: string, lines: NewLogLine[]): Promise<void> {
  const data = lines.map((line) => ({ ...line, message: line.message.replaceAll('\0', '').slice(0, MESSAGE_LENGTH), runId, workspaceId }))
  await prisma().runLog.createMany({ data })
}

export async function countRunLogs(workspaceId: string, runId: string): Promise<number> {
  return prisma().runLog.count({ where: { workspaceId, runId } })
}

/** Lines of one run in order, after the given line. */
export async function listRunLogs(workspaceId: string, runId: string, { after = '0', limit = 1_000 }: { after?: string; limit?: number } = {}): Promise<LogLineRow[]> {
  const rows = await prisma().runLog.findMany({ where: { workspaceId, runId, id: { gt: BigInt(after) } }, orderBy: { id: 'asc' }, take: limit, select: { id: true, at: true, level: true, message: true } })
  return rows.map((row) => ({ ...row, id: String(row.id), level: asLevel(row.level) }))
}

function asLevel(level: string): LogLevel {
  return level === 'debug' || level === 'warn' || level === 'error' ? level : 'info'
}

/** Remove the lines that are older than this, of every workspace. */
export async function deleteOldRunLogs(days: number): Promise<number> {
  return prisma().$executeRaw`DELETE FROM "RunLog" WHERE "at" < now() - make_interval(days => ${days})`
}
