import { isReady, readiness } from '@/lib/workspace/readiness'

export const dynamic = 'force-dynamic'

/** May this process be sent requests? 503 says which part is not ready. For whoever balances the load, without signing in. */
export async function GET(): Promise<Response> {
  const found = await readiness()
  return Response.json(found, { status: isReady(found) ? 200 : 503, headers: { 'cache-control': 'no-store' } })
}
