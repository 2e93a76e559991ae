import { randomUUID } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Ticket = Record<string, unknown> & { id: string; updated_at: string }

/** What befalls the next request of a path: `before` is called just before it is answered, `holds` leaves it without an answer. */
interface Trouble {
  path: string
  status?: number
  cut?: boolean
  holds?: boolean
  before?: () => void
}

interface Timed {
  id: string
  at: number
  shown: Record<string, unknown>
}

interface Answer {
  status: number
  body: Record<string, unknown>
}

const PERMISSIONS: Record<string, string> = { '/tickets': 'Tickets: Read', '/deletions': 'Deletions: Read' }
const PARAMETERS = ['updated_since', 'since', 'limit', 'cursor']
const MOST = 100
const HOUR = 3600

/** A help desk on a free port of this machine, with a clock of its own, which it sends as `Date`. It refuses what a real one would. */
export class HelpdeskServer {
  url = ''
  readonly token = `hd_${randomUUID()}`
  readonly requests: string[] = []
  /** In microseconds. */
  private clock = Date.UTC(2026, 0, 1) * 1000
  private readonly tickets = new Map<string, Timed>()
  private readonly deletions: Timed[] = []
  /** Tokens, each with the permission that it lacks. */
  private readonly tokens = new Map([[this.token, '']])
  /** The place after which a page begins, by cursor. */
  private readonly cursors = new Map<string, string>()
  private readonly troubles: Trouble[] = []
  private readonly open = new Set<http.IncomingMessage>()
  private readonly server = http.createServer((request, response) => this.serve(request, response))

  async listen(): Promise<this> {
    this.server.keepAliveTimeout = 0 // a connection that a test closes late is no mistake of the connector
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` // it listens on a port, not on a pipe
    return this
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve))
    this.server.closeAllConnections()
    await closed
  }

  tokenWithout(permission: string): string {
    const token = `hd_${randomUUID()}`
    this.tokens.set(token, permission)
    return token
  }

  advance(seconds: number): void {
    this.clock += seconds * 1_000_000
  }

  /** Creates or changes a ticket, now or so many seconds ago. Several may share a time. */
  put(given: Record<string, unknown>, secondsAgo = 0): string {
    const id = typeof given.id === 'string' ? given.id : randomUUID()
    const at = this.clock - secondsAgo * 1_000_000
    this.tickets.set(id, { id, at, shown: { ...this.tickets.get(id)?.shown, ...given, id, updated_at: iso(at, '+02:00') } })
    return id
  }

  /** Told with the id in capitals. */
  delete(id: string): void {
    this.tickets.delete(id)
    this.deletions.unshift({ id: randomUUID(), at: this.clock, shown: { ticket_id: id.toUpperCase(), deleted_at: iso(this.clock, 'Z') } })
  }

  /** Ids by the time of their last change. */
  ids(): string[] {
    return this.byTime().map(({ id }) => id)
  }

  /** An hour later, changes the ticket that was not changed for longest, deletes the next one and creates one. */
  change(): { written: string[]; removed: string[] } {
    this.advance(HOUR)
    const [first = '', second = ''] = this.ids()
    this.delete(second)
    return { written: [this.put({ id: first, subject: 'changed' }), this.put({ subject: 'new', price: '1.00', tags: [] })], removed: [second] }
  }

  trouble(trouble: Trouble): void {
    this.troubles.push(trouble)
  }

  /** Requests without an answer. */
  underWay(): number {
    return this.open.size
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.open.add(request)
    response.once('close', () => this.open.delete(request))
    const url = new URL(request.url ?? '', this.url)
    this.requests.push(url.pathname + url.search)
    const met = this.troubles.findIndex(({ path }) => path === url.pathname)
    const trouble = met < 0 ? undefined : this.troubles.splice(met, 1)[0]
    trouble?.before?.()
    if (trouble?.holds) return
    if (trouble?.cut) return void request.socket.destroy()
    const { status, body } = trouble?.status ? { status: trouble.status, body: { error: 'trouble' } } : this.answer(request, url)
    response.writeHead(status, { 'content-type': 'application/json', date: new Date(this.clock / 1000).toUTCString(), ...(status === 429 && { 'retry-after': '0' }) })
    response.end(JSON.stringify(body))
  }

  private answer({ method, headers }: http.IncomingMessage, { pathname, searchParams: search }: URL): Answer {
    const lacking = this.tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '')
    if (lacking === undefined) return refused(401, 'unknown token')
    if (method === 'GET' && pathname === '/me') return { status: 200, body: { name: 'Acme support' } }
    const permission = PERMISSIONS[pathname]
    if (!permission || method !== 'GET') return refused(404, 'not found')
    if (lacking === permission) return refused(403, 'forbidden')
    const limit = Number(search.get('limit') ?? 50)
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) return refused(400, `limit is 1 to ${MOST}`)
    if ([...search.keys()].some((name) => !PARAMETERS.includes(name))) return refused(400, 'unknown parameter')
    const since = microsOf(search.get(pathname === '/tickets' ? 'updated_since' : 'since') ?? '1970-01-01T00:00:00Z')
    if (Number.isNaN(since)) return refused(400, 'no ISO 8601 time')
    const items = (pathname === '/tickets' ? this.byTime() : this.deletions).filter(({ at }) => at >= since)
    return this.page(pathname.slice(1), items, search.get('cursor'), limit)
  }

  /** After the place of the cursor, also when what was there is elsewhere by now. */
  private page(name: string, items: Timed[], cursor: string | null, limit: number): Answer {
    const after = cursor === null ? '' : this.cursors.get(cursor)
    if (after === undefined) return refused(400, 'unknown cursor')
    const rest = name === 'tickets' ? items.filter((item) => placeOf(item) > after) : items.slice(items.findIndex((item) => placeOf(item) === after) + 1)
    const page = rest.slice(0, limit)
    const last = page.at(-1)
    const next = last && rest.length > limit ? randomUUID() : null
    if (next && last) this.cursors.set(next, placeOf(last))
    return { status: 200, body: { [name]: page.map(({ shown }) => shown), next_cursor: next } }
  }

  private byTime(): Timed[] {
    return [...this.tickets.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
  }
}

function refused(status: number, error: string): Answer {
  return { status, body: { error } }
}

function placeOf({ at, id }: Timed): string {
  return `${String(at).padStart(17, '0')} ${id}`
}

function iso(at: number, zone: 'Z' | '+02:00'): string {
  const shift = zone === 'Z' ? 0 : 2 * HOUR * 1000
  return `${new Date(Math.floor(at / 1000) + shift).toISOString().slice(0, -1)}${String(at % 1000).padStart(3, '0')}${zone}`
}

function microsOf(text: string): number {
  const [, fraction = ''] = /\.(\d{1,6})/.exec(text) ?? []
  return Math.floor(Date.parse(text) / 1000) * 1_000_000 + Number(fraction.padEnd(6, '0'))
}
