import { env } from '@/lib/core/env'

/** Did the visitor come over https? A proxy in front says so, or NEXTAUTH_URL does. */
export function isHttps(headers: Headers): boolean {
  const proto = headers.get('x-forwarded-proto')?.split(',')[0]?.trim()
  return proto === 'https' || (env().NEXTAUTH_URL?.startsWith('https://') ?? false)
}
