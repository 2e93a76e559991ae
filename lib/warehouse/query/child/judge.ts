import { StatementType } from '@duckdb/node-api'
import { Refusal } from './engine-failure'
import type { Sandbox } from './sandbox'
import { readTree, type Reference } from './statement-tree'

export interface Judgement {
  /** The text that is run: the person's own, or for an EXPLAIN one that we put together. */
  sql: string
  /** How far `sql` is shifted against the person's text, in bytes. */
  shift: number
  isExplain: boolean
  references: Reference[]
  /** It asks which tables there are (SHOW TABLES, information_schema …). */
  wantsCatalogue: boolean
}

interface Serialized {
  error: boolean
  error_type?: string
  error_message?: string
  error_subtype?: string
  position?: string
  statements?: unknown[]
}

const EXPLAIN = /^(?:\s|--[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*explain(\s+analyze)?(?=[\s(])/i

/**
 * Is this one SELECT, or the EXPLAIN of one? Two of the engine's own judges must agree: its parser by the class of
 * the statement, and its serializer, which knows SELECT alone. Throws a Refusal, or the engine's parse error.
 */
export async function judge(sandbox: Sandbox, sql: string): Promise<Judgement> {
  await requireOneStatement(sandbox, sql)
  const whole = await serialize(sandbox, sql)
  if (!whole.error) return { sql, shift: 0, isExplain: false, ...readTree(await treesOf(sandbox, whole)) }
  const header = EXPLAIN.exec(sql)
  if (!header) throw notSelect(whole)
  // The SELECT behind the EXPLAIN is judged by itself, and run behind an EXPLAIN of ours: nothing rests on how we read theirs.
  const inner = sql.slice(header[0].length)
  const judged = await serialize(sandbox, inner)
  if (judged.error) throw new Refusal('not_select', 'Only SELECT is explained here')
  const prefix = header[1] ? 'EXPLAIN ANALYZE ' : 'EXPLAIN '
  const shift = Buffer.byteLength(prefix) - Buffer.byteLength(header[0])
  return { sql: prefix + inner, shift, isExplain: true, ...readTree(await treesOf(sandbox, judged)) }
}

/** The engine's class of the statement that is about to run, from its prepared form. */
export function requireReadOnly(type: StatementType): void {
  if (type !== StatementType.SELECT && type !== StatementType.EXPLAIN) throw new Refusal('not_select', 'Only SELECT is run here')
}

async function requireOneStatement({ connection }: Sandbox, sql: string): Promise<void> {
  if (sql.includes('\0')) throw new Refusal('text', 'The text holds a NUL character')
  const isEmpty = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '').trim() === ''
  if (isEmpty) throw new Refusal('empty', 'There is no statement in this text')
  const { count } = await connection.extractStatements(sql)
  if (count > 1 && /\bpivot\b/i.test(sql)) throw new Refusal('pivot', 'PIVOT needs its values here')
  if (count !== 1) throw new Refusal(count === 0 ? 'empty' : 'many', count === 0 ? 'There is no statement in this text' : 'One statement is run at a time')
}

/** Also the trees of the SELECTs that `query('…')` holds as text, so that nothing is hidden from the judge in there. */
async function treesOf(sandbox: Sandbox, first: Serialized): Promise<unknown[]> {
  const trees = [...(first.statements ?? [])]
  if (trees.length !== 1) throw new Refusal('many', 'One statement is run at a time')
  const DEPTH_MAX = 50
  for (let index = 0; index < trees.length; index++) {
    for (const text of readTree([trees[index]]).nestedTexts) {
      if (trees.length > DEPTH_MAX) throw new Refusal('not_select', 'query() is nested too deeply')
      const nested = await serialize(sandbox, text)
      if (nested.error || nested.statements?.length !== 1) throw new Refusal('not_select', 'query() takes the text of one SELECT')
      trees.push(nested.statements[0])
    }
  }
  return trees
}

async function serialize({ connection }: Sandbox, sql: string): Promise<Serialized> {
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql])
  const text = reader.getRows()[0]?.[0]
  if (typeof text !== 'string') throw new Error('The engine did not judge the statement')
  return JSON.parse(text) as Serialized
}

function notSelect(judged: Serialized): Error {
  if (judged.error_type !== 'parser') return new Refusal('not_select', 'Only SELECT is run here')
  return new Refusal('not_select', judged.error_message ?? 'Only SELECT is run here')
}
