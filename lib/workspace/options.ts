import type { NextAuthOptions } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import { AppError } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { sessionSecret } from '@/lib/core/secret-box'
import { sessionCookieName } from './session-token'
import { signIn } from './sign-in'

const DAY_SECONDS = 24 * 3600
const SESSION_DAYS = 30

declare module 'next-auth' {
  interface User {
    stamp: string
  }
}

/** next-auth for a request: sealed cookies, httpOnly, lax, and secure where the request came over https. */
export function authOptions(isHttps: boolean): NextAuthOptions {
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: SESSION_DAYS * DAY_SECONDS },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    useSecureCookies: isHttps,
    cookies: { sessionToken: { name: sessionCookieName(isHttps), options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isHttps } } },
    providers: [
      Credentials({
        name: 'E-mail and password',
        credentials: { email: { label: 'E-mail', type: 'email' }, password: { label: 'Password', type: 'password' } },
        authorize: async (credentials, request) => {
          try {
            const { userId, stamp } = await signIn(credentials, networkAddress(request.headers ?? {}))
            return { id: userId, stamp }
          } catch (error) {
            if (!(error instanceof AppError)) throw unforeseen(error)
            if (error.code === 'credentials') return null
            throw new Error(error.code === 'rate_limited' ? (error.detail ?? error.title) : error.title, { cause: error })
          }
        },
      }),
    ],
    callbacks: {
      // Nothing but who it is: name and rights are read from the database at each request.
      jwt: ({ token, user }) => (user ? { userId: user.id, stamp: user.stamp } : token),
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) => (url.startsWith(`${baseUrl}/`) || /^\/(?![/\\])/.test(url) ? url : baseUrl),
    },
    logger: {
      error: (code, metadata) => logger('auth').error({ code, err: metadata instanceof Error ? metadata : metadata.error }, 'next-auth failed'),
      warn: (code) => logger('auth').debug({ code }, 'next-auth warns'),
      debug: () => {},
    },
  }
}

/** What is not foreseen stays out of the address bar: it goes to the log. */
function unforeseen(error: unknown): Error {
  logger('auth').error({ err: error }, 'sign-in failed unexpectedly')
  return new Error('Tributary itself failed; its log has the details')
}

/** The last hop: a proxy writes it, and what a client claims stands before it. Next itself names the socket's when there is none. */
function networkAddress(headers: Record<string, unknown>): string {
  const hops = String(headers['x-forwarded-for'] ?? '').split(',')
  return hops.at(-1)?.trim() || 'unknown'
}
