import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { runQuery } from '@/lib/sql-editor/run-query'
import type { Part } from './part'
import type { Tenant } from './tenants'

const COOKIE = 'tributary.session'
const PATIENCE_MS = 150_000

const Failure = z.object({ error: z.object({ code: z.string(), title: z.string().min(1), detail: z.string().optional(), advice: z.string().optional() }) })
const Result = z.object({ rows: z.array(z.array(z.unknown())), isTruncated: z.boolean() })

/** An answer in words, as a person would get it. */
export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, readonly title: string, readonly detail: string | undefined) {
    super(`${status} ${code}: ${title}${detail ? `. ${detail}` : ''}`)
  }
}

/** Neither an answer nor an error in words: what must not be. */
export class Unclean extends Error {}

export type Rows = unknown[][]

/** Signed in as each tenant, by whichever pages were up; the sessions hold for all. */
export class Visitors {
  private readonly sessions = new Map<string, string>()

  async signIn(web: Part, tenant: Tenant): Promise<void> {
    const csrf = await fetch(`${web.url}/api/auth/csrf`)
    const cookies = csrf.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '').join('; ')
    const { csrfToken } = z.object({ csrfToken: z.string() }).parse(await csrf.json())
    const body = new URLSearchParams({ csrfToken, email: tenant.email, password: tenant.password, callbackUrl: web.url, json: 'true' })
    const response = await fetch(`${web.url}/api/auth/callback/credentials`, { method: 'POST', body, headers: { cookie: cookies }, redirect: 'manual' })
    const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith(`${COOKIE}=`))?.split(';')[0]
    if (!session) throw new Error(`${tenant.email} could not sign in: HTTP ${response.status}`)
    this.sessions.set(tenant.email, session)
  }

  async get(web: Part, tenant: Tenant, path: string, signal?: AbortSignal): Promise<unknown> {
    return this.answer(web, tenant, path, {}, signal)
  }

  async query(web: Part, tenant: Tenant, sql: string, signal?: AbortSignal): Promise<Rows> {
    const answer = await this.answer(web, tenant, '/api/sql/run', { method: 'POST', body: JSON.stringify({ sql }), headers: { 'content-type': 'application/json', origin: web.url } }, signal)
    const read = Result.safeParse(answer)
    if (!read.success || read.data.isTruncated) throw new Unclean(`a query was answered with ${JSON.stringify(answer).slice(0, 200)}`)
    return read.data.rows
  }

  private async answer(web: Part, { email }: Tenant, path: string, init: RequestInit, signal = AbortSignal.timeout(PATIENCE_MS)): Promise<unknown> {
    const response = await fetch(`${web.url}${path}`, { ...init, headers: { ...init.headers, cookie: this.sessions.get(email) ?? '' }, redirect: 'manual', signal })
    const text = await response.text()
    const document = parsed(text)
    if (response.status === 200 && document !== undefined) return document
    const failure = Failure.safeParse(document)
    if (!failure.success || response.status < 400 || response.status === 401) throw new Unclean(`${path.split('?')[0]} answered HTTP ${response.status} with ${text.slice(0, 200)}`)
    const { code, title, detail } = failure.data.error
    throw new Refused(response.status, code, title, detail)
  }
}

/** Without pages: by the verb that they would call. */
export async function queryHere(tenant: Tenant, sql: string): Promise<Rows> {
  try {
    return (await runQuery(tenant.workspaceId, { sql, rowLimit: 10_000 })).rows
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new Refused(400, error.code, error.title, error.detail)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // an error page, or half an answer
  }
}
