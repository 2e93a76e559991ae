import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

/**
 * Refuse a request that another site's page sent in the viewer's name. A browser names the origin of
 * every request that writes; behind a proxy the host is the forwarded one, or that of NEXTAUTH_URL.
 */
export function checkSameOrigin(headers: Headers): void {
  const origin = hostOf(headers.get('origin'))
  const forwarded = headers.get('x-forwarded-host')?.split(',')[0]?.trim()
  const own = [headers.get('host'), forwarded, hostOf(env().NEXTAUTH_URL ?? null)]
  if (origin ? own.includes(origin) : headers.get('sec-fetch-site') === 'same-origin') return
  throw new AppError('not_allowed', {
    title: 'The request came from another site',
    detail: origin ? `It was sent by ${origin}` : 'It does not say where it was sent from',
    advice: 'Open Tributary itself and try again; behind a proxy, set NEXTAUTH_URL to its public address',
  })
}

function hostOf(address: string | null): string | undefined {
  return address && URL.canParse(address) ? new URL(address).host || undefined : undefined
}
