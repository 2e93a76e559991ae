export const dynamic = 'force-dynamic'

/** The process lives. It asks nobody else: whoever ends a process that does not answer must not end it for the database's sake. */
export function GET(): Response {
  return new Response('ok\n', { headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } })
}
