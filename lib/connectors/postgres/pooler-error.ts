import type { ErrorCode } from '@/lib/core/errors'

interface Meaning {
  code: ErrorCode
  title: string
  advice: string
  isRetryable: boolean
}

const FULL: Meaning = { code: 'source', title: 'The connection pooler has no free connection', advice: 'It is tried again; raise default_pool_size or max_client_conn of the pooler, or use the direct address of the database', isRetryable: true }
const CUT_OFF: Meaning = { code: 'unreachable', title: 'The connection pooler cannot reach its database', advice: 'It is tried again; look at the log of the pooler, and whether it can sign in to the database with this user', isRetryable: true }

/** PgBouncer says whatever it has to say under the code of a broken protocol: only its words tell. */
const WORDS: [RegExp, Meaning][] = [
  [/transaction blocks not allowed/i, { code: 'source', title: 'The connection pooler takes transactions apart', advice: 'Set pool_mode of this database to transaction or session at the pooler, or use the direct address of the database', isRetryable: false }],
  [/query_wait_timeout|no more connections allowed/i, FULL],
  [/password authentication failed|server down|server login|cannot connect to server|server_login_retry|server conn crashed/i, CUT_OFF],
]

/** What a pooler before the database says of itself; null for anything else. */
export function poolerMeaning({ code, message = '' }: { code?: string; message?: string }): Meaning | null {
  if (code !== '08P01') return null
  return WORDS.find(([pattern]) => pattern.test(message))?.[1] ?? null
}

/** A pooler looks for the database before it asks for the password. */
export function isNoDatabaseOfPooler(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { code?: string; message?: string }
  return code === '08P01' && /no such database/i.test(message)
}
