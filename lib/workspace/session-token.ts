import { createHash } from 'node:crypto'
import { getToken } from 'next-auth/jwt'
import { z } from 'zod'
import { sessionSecret } from '@/lib/core/secret-box'

/** What the signed cookie says; whether it still holds, the database decides. */
const SessionToken = z.object({ userId: z.uuid(), stamp: z.string().min(1) })
export type SessionToken = z.infer<typeof SessionToken>

/** Changes with the password, so that a new password ends every session of the old one. */
export function passwordStamp(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('hex').slice(0, 16)
}

interface TokenSource {
  cookies: { getAll(): { name: string; value: string }[] }
  headers: Headers
}

/** The session that a request claims, if its signature and its age are right. Looks at the plain and at the https cookie. */
export async function readSessionToken({ cookies, headers }: TokenSource): Promise<SessionToken | undefined> {
  const req = { cookies: Object.fromEntries(cookies.getAll().map(({ name, value }) => [name, value])), headers }
  for (const secureCookie of [true, false]) {
    const token = SessionToken.safeParse(await getToken({ req: req as Parameters<typeof getToken>[0]['req'], secret: sessionSecret(), secureCookie }))
    if (token.success) return token.data
  }
  return undefined
}
