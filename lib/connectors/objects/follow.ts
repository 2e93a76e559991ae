import { AppError } from '@/lib/core/errors'
import { limits } from '@/lib/core/limits'
import { openHttp, type Http } from '../http'

const REDIRECTS = new Set([301, 302, 303, 307, 308])

interface Answer {
  status: number
  headers: Record<string, string>
}

/** A session with each host that an address leads to. */
export class Hosts {
  private readonly sessions = new Map<string, Http>()

  /** @param open a session with an origin; what it signs with goes to that origin alone */
  constructor(private readonly open: (origin: string) => Http = openPublic) {}

  /**
   * The answer at an address or wherever it leads to: to other hosts too, since nothing of ours is sent along, and each is checked as any other.
   * Throws AppError where that is not followed. @param send may refuse a host by throwing
   */
  async ask<T extends Answer>(from: URL, send: (http: Http, url: URL) => Promise<T>): Promise<T> {
    let url = from
    for (let hops = 0; ; hops++) {
      const answer = await send(this.session(url), url)
      const next = leadsTo(answer, url)
      if (!next) return answer
      if (hops === limits.http.redirects) throw new AppError('source', { title: `${from.host} redirects without end`, detail: `It redirected ${hops + 1} times in a row`, advice: 'Check the address of the file' })
      url = next
    }
  }

  close(): void {
    for (const session of this.sessions.values()) session.close()
  }

  private session({ origin }: URL): Http {
    const known = this.sessions.get(origin) ?? this.open(origin)
    this.sessions.set(origin, known)
    return known
  }
}

function openPublic(origin: string): Http {
  return openHttp({ baseUrl: origin, account: 'public files', headers: { accept: '*/*', 'accept-encoding': 'identity' } })
}

/** Where an answer sends on to; undefined when it is no redirect. */
export function leadsTo({ status, headers }: Answer, from: URL): URL | undefined {
  const { location } = headers
  if (!REDIRECTS.has(status) || location === undefined) return undefined
  if (!URL.canParse(location, from)) throw new AppError('source', { title: `${from.host} points to an address that is none`, detail: `HTTP ${status}`, advice: 'Check the address of the file' })
  const next = new URL(location, from)
  next.hash = ''
  next.username = ''
  next.password = ''
  if (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) return next
  throw new AppError('not_allowed', { title: `${from.host} leads out of the encryption`, detail: `It points to ${next.protocol}//${next.host}, where anybody on the way could change the file`, advice: 'Enter the address that it leads to, if that is what you want' })
}
