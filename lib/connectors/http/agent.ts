import http from 'node:http'
import https from 'node:https'
import net, { type LookupFunction } from 'node:net'
import { resolveAllowedAll } from '../egress'

/** Shorter than servers usually keep an idle connection: they should not close one that is just being used. */
const IDLE_MS = 15_000

/**
 * Connections to one origin, kept open between requests. The host is resolved and checked for each new connection, which goes
 * to the checked address and nowhere else. An agent of our own never looks for a proxy.
 */
export function guardedAgent(origin: URL, most: number, certificateAuthority: string | undefined): http.Agent {
  const options = { keepAlive: true, maxSockets: most, maxFreeSockets: most, timeout: IDLE_MS, scheduling: 'lifo' as const, lookup: checkedLookup }
  if (origin.protocol === 'http:') return new http.Agent(options)
  const host = bareHost(origin)
  return new https.Agent({ ...options, servername: net.isIP(host) ? '' : host, rejectUnauthorized: true, ca: certificateAuthority })
}

/** Node asks no lookup for a host that is an address already: it is checked here, before each request. */
export async function checkAddress(origin: URL): Promise<void> {
  const host = bareHost(origin)
  if (net.isIP(host)) await resolveAllowedAll(host)
}

/** Without the brackets of IPv6. */
export function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

const checkedLookup: LookupFunction = (hostname, options, callback) => {
  resolveAllowedAll(hostname).then(
    (addresses) => (options.all ? callback(null, addresses) : callback(null, addresses[0].address, addresses[0].family)),
    (error: NodeJS.ErrnoException) => callback(error, ''),
  )
}
