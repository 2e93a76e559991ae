import { z } from 'zod'
import type { ErrorView } from '@/lib/core/errors'
import { prisma } from './client'
import { Prisma } from './generated/client'
import { KeptError } from './run-views'

export const Differences = z.object({ gone: z.number(), missing: z.number(), different: z.number() })
const Texts = z.array(z.string().nullable())

/** The first rows that differed: of the source, and of ours. */
export const ShownRows = z.object({ columns: z.array(z.string()), /** Which of them tell rows apart. */ key: z.array(z.string()), rows: z.array(z.object({ kind: z.enum(['gone', 'missing', 'different']), source: Texts.nullable(), ours: Texts.nullable() })) })
export type ShownRows = z.infer<typeof ShownRows>

export const ProofOutcome = z.enum(['verified', 'differs', 'failed'])
export type ProofOutcome = z.infer<typeof ProofOutcome>

/** What the last comparison of a table with its source said. */
export interface ProofRow {
  schemaId: string
  runId: string
  /** The version that was compared. */
  version: number
  outcome: ProofOutcome
  at: Date
  rows: number
  ranges: number
  rangesRead: number
  bytes: number
  seconds: number
  differences: z.infer<typeof Differences> | null
  reconciled: { deleted: number; fetched: number } | null
  problem: ErrorView | null
  shown: ShownRows
  /** Has the table other rows by now: was it synced or rolled back since? */
  isPast: boolean
}

export type NewProof = Omit<ProofRow, 'at' | 'isPast'> & { workspaceId: string; fence: number }

/**
 * Takes the place of the former proof; refused in silence when the run lost its lease meanwhile, for somebody else's proof is newer then. A comparison that came to no end
 * proves nothing: a difference that was found before it stays.
 */
export async function saveProof({ workspaceId, schemaId, runId, fence, version, outcome, rows, ranges, rangesRead, bytes, seconds, differences, reconciled, problem, shown }: NewProof): Promise<void> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value).replaceAll('\\u0000', ''))
  await prisma().$executeRaw`
    INSERT INTO "Proof" ("schemaId", "workspaceId", "runId", "version", "outcome", "at", "rows", "ranges", "rangesRead", "bytes", "seconds", "differences", "reconciled", "problem", "shown")
    SELECT ${schemaId}::uuid, ${workspaceId}::uuid, ${runId}::uuid, ${version}::int, ${outcome}::text, now(), ${rows}::bigint, ${ranges}::int, ${rangesRead}::int, ${bytes}::bigint, ${seconds}::float8,
      ${json(differences)}::jsonb, ${json(reconciled)}::jsonb, ${json(problem)}::jsonb, ${json(shown)}::jsonb
    FROM "SyncRun" WHERE "id" = ${runId}::uuid AND "schemaId" = ${schemaId}::uuid AND "workspaceId" = ${workspaceId}::uuid AND "fence" = ${fence} AND "status" = 'running'
    ON CONFLICT ("schemaId") DO UPDATE SET "runId" = excluded."runId", "version" = excluded."version", "outcome" = excluded."outcome", "at" = excluded."at", "rows" = excluded."rows",
      "ranges" = excluded."ranges", "rangesRead" = excluded."rangesRead", "bytes" = excluded."bytes", "seconds" = excluded."seconds", "differences" = excluded."differences",
      "reconciled" = excluded."reconciled", "problem" = excluded."problem", "shown" = excluded."shown"
      WHERE NOT ("Proof"."outcome" = 'differs' AND excluded."outcome" = 'failed')`
}

/** Every row of the table comes from one later moment of its source: what an earlier comparison found is no more. */
export async function forgetDifference(db: Prisma.TransactionClient, workspaceId: string, schemaId: string): Promise<void> {
  await db.proof.deleteMany({ where: { workspaceId, schemaId, outcome: 'differs' } })
}

/** The last proof of a table with the rows that it named; null when there was none. */
export async function findProof(workspaceId: string, schemaId: string): Promise<ProofRow | null> {
  const [row] = await prisma().$queryRaw<Record<string, unknown>[]>`
    SELECT p."schemaId"::text, p."runId"::text, p."version", p."outcome", p."at", p."rows"::float8, p."ranges", p."rangesRead", p."bytes"::float8, p."seconds", p."differences", p."reconciled", p."problem", p."shown",
      ${isPastSql} AS "isPast"
    FROM "Proof" p JOIN "SourceSchema" s ON s."id" = p."schemaId" WHERE p."schemaId" = ${schemaId}::uuid AND p."workspaceId" = ${workspaceId}::uuid`
  return row ? StoredProof.parse(row) : null
}

/** Were there other rows since? A compaction has the same. With "Proof" as p and "SourceSchema" as s. */
export const isPastSql = Prisma.sql`(s."currentVersion" IS NULL OR s."currentVersion" < p."version" OR EXISTS (
  SELECT 1 FROM "TableVersion" later WHERE later."schemaId" = p."schemaId" AND later."number" > p."version" AND later."number" <= s."currentVersion" AND later."kind" <> 'compaction'))`

/** What is shown of a table: what was verified is told of the rows that it was found of; that it differs until it is disproved. With "Proof" as p. */
export const isToldSql = Prisma.sql`(p."outcome" = 'differs' OR NOT ${isPastSql})`

/** What a list of tables shows of a proof. */
export const KeptProof = z.object({
  outcome: ProofOutcome,
  version: z.number(),
  isPast: z.boolean(),
  at: z.coerce.date(),
  rows: z.number(),
  ranges: z.number(),
  differences: Differences.nullable(),
  reconciled: z.object({ deleted: z.number(), fetched: z.number() }).nullable(),
  problem: KeptError.nullable(),
})

const StoredProof = z.object({
  schemaId: z.string(),
  runId: z.string(),
  version: z.number(),
  outcome: ProofOutcome,
  at: z.date(),
  rows: z.number(),
  ranges: z.number(),
  rangesRead: z.number(),
  bytes: z.number(),
  seconds: z.number(),
  differences: Differences.nullable(),
  reconciled: z.object({ deleted: z.number(), fetched: z.number() }).nullable(),
  problem: KeptError.nullable().catch(null),
  shown: ShownRows,
  isPast: z.boolean(),
})
