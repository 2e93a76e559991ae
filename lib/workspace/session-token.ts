import { createHash } from 'node:crypto'
import { decode } from 'next-auth/jwt'
import { z } from 'zod'
import { sessionSecret } from '@/lib/core/secret-box'

/** What the sealed cookie says; whether it still holds, the database decides. */
const SessionToken = z.object({ userId: z.uuid(), stamp: z.string().min(1) })
export type SessionToken = z.infer<typeof SessionToken>

const COOKIE = 'tributary.session'

/** The name of the session's cookie; over https browsers hold it to the prefix's promise. */
export function sessionCookieName(isHttps: boolean): string {
  return isHttps ? `__Secure-${COOKIE}` : COOKIE
}

/** Changes with the password, so that a new password ends every session of the old one. */
export function passwordStamp(passwordHash: string): string {
  return createHash('sha256').update(passwordHash).digest('hex').slice(0, 16)
}

/** The session that a request's cookies claim, if its seal and its age are right; looks at the https cookie first. */
export async function readSessionToken(cookies: { get(name: string): { value: string } | undefined }): Promise<SessionToken | undefined> {
  const token = cookies.get(sessionCookieName(true))?.value ?? cookies.get(sessionCookieName(false))?.value
  if (!token) return undefined
  // decode throws on anything but a token of ours that has not run out: then there is no session
  const claims = await decode({ token, secret: sessionSecret() }).catch(() => null)
  const read = SessionToken.safeParse(claims)
  return read.success ? read.data : undefined
}
