import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { findProof } from '@/lib/db/proofs'
import { findSchema } from '@/lib/db/schemas'
import type { ProofDetail } from './schema'

/** What the last comparison of a table with its source said, with the rows that differed; `not_found` before the first. */
export async function findTableProof(workspaceId: string, schemaId: string): Promise<ProofDetail> {
  const isId = z.uuid().safeParse(schemaId).success
  const [schema, proof] = await Promise.all([isId ? findSchema(workspaceId, schemaId) : null, isId ? findProof(workspaceId, schemaId) : null])
  if (!schema || !proof) throw new AppError('not_found', { title: 'This table was not compared with its source yet', advice: 'Its data may have been deleted; sync it, and reload the page' })
  return { ...proof, schemaName: schema.name, tableName: schema.tableName, at: proof.at.toISOString() }
}
