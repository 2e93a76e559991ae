import { env } from '@/lib/core/env'
import { hasMetricsToken, metricsText } from '@/lib/workspace/metrics-text'

export const dynamic = 'force-dynamic'

/** For Prometheus, with the token of METRICS_TOKEN; without that variable there is no such address. */
export async function GET(request: Request): Promise<Response> {
  if (!env().METRICS_TOKEN) return new Response('Not found\n', { status: 404, headers: { 'cache-control': 'no-store' } })
  if (!hasMetricsToken(request.headers.get('authorization'))) return new Response('The token is missing or wrong\n', { status: 401, headers: { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' } })
  const { text, contentType } = await metricsText()
  return new Response(text, { headers: { 'content-type': contentType, 'cache-control': 'no-store' } })
}
