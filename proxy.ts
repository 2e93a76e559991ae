import { randomBytes } from 'node:crypto'
import { NextResponse, type NextRequest } from 'next/server'
import { isDevelopment } from '@/lib/core/env'
import { isHttps } from '@/lib/workspace/is-https'
import { contentSecurityPolicy, securityHeaders } from '@/lib/workspace/security-headers'
import { readSessionToken } from '@/lib/workspace/session-token'

const openToStrangers = /^\/(sign-in|setup|api)(\/|$)/

/** Security headers for every answer, and strangers to the door. A convenience: every page, action and handler checks again. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const secure = isHttps(request.headers)
  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy({ nonce, isHttps: secure, isDev: isDevelopment() })
  const { pathname, search } = request.nextUrl

  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('x-tributary-path', pathname + search)
  headers.set('content-security-policy', policy) // where Next reads the nonce for its own scripts

  const isVisit = (request.method === 'GET' || request.method === 'HEAD') && !openToStrangers.test(pathname)
  const isStranger = isVisit && !(await readSessionToken(request.cookies))
  const response = isStranger ? NextResponse.redirect(doorFor(request)) : NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  for (const [name, value] of Object.entries(securityHeaders(secure))) response.headers.set(name, value)
  return response
}

function doorFor(request: NextRequest): URL {
  const { pathname, search } = request.nextUrl
  const door = request.nextUrl.clone()
  door.pathname = '/sign-in'
  door.search = pathname === '/' ? '' : `?callbackUrl=${encodeURIComponent(pathname + search)}`
  return door
}

// Where files are uploaded it would hold each body in memory, and cut what is longer than some megabytes.
export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg|logo.svg|api/files/upload/).*)'] }
