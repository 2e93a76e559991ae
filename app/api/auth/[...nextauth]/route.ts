import NextAuth from 'next-auth'
import type { NextRequest } from 'next/server'
import { env, setEnv } from '@/lib/core/env'
import { isHttps } from '@/lib/workspace/is-https'
import { authOptions } from '@/lib/workspace/options'

interface Context {
  params: Promise<{ nextauth: string[] }>
}

async function handle(request: NextRequest, context: Context): Promise<Response> {
  // next-auth knows its own address from the environment alone: without one, the request's host is its address.
  if (!env().NEXTAUTH_URL) setEnv({ AUTH_TRUST_HOST: 'true' })
  return NextAuth(request, context, authOptions(isHttps(request.headers)))
}

export { handle as GET, handle as POST }
