import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { domainToASCII } from 'node:url'
import ipaddr from 'ipaddr.js'
import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'

export interface AllowedAddress {
  address: string
  family: 4 | 6
}

type Policy = 'any' | 'public'

/** Names under which clouds serve the credentials of a machine. Their addresses are refused too. */
const METADATA_HOSTS = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data', 'instance-data.ec2.internal', 'metadata.azure.internal', 'metadata.tencentyun.com', 'metadata.platformequinix.com'])

/** Metadata services outside the link-local ranges: AWS, Google, Alibaba, Oracle and Azure. */
const METADATA_RANGES = ['fd00:ec2::/32', 'fd20:ce::254/128', '100.100.100.200/32', '192.0.0.192/32', '168.63.129.16/32'].map((range) => ipaddr.parseCIDR(range))

/** Ranges that hold no server of anybody, whatever the deployment. */
const NEVER = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal', 'discard'])

/**
 * Every address of a host, each of them checked; the caller connects to one of these and never
 * resolves again, so that a name that answers differently the second time gains nothing.
 * Link-local, metadata, unspecified, multicast and broadcast addresses are always refused; with
 * EGRESS=public, private ones too. Throws AppError `not_allowed`, `unreachable` or `bad_config`.
 */
export async function resolveAllowedAll(host: string, policy: Policy = env().EGRESS): Promise<[AllowedAddress, ...AllowedAddress[]]> {
  const name = checkedName(host)
  const found = net.isIP(name) ? [{ address: name }] : await resolve(name)
  // One refused address refuses the name: picking the others would let a mixed answer through by chance.
  for (const { address } of found) {
    const reason = refusal(address, policy)
    if (reason) throw notAllowed(host, address, reason, policy)
  }
  const [first, ...rest] = found.map(({ address }): AllowedAddress => ({ address, family: net.isIPv6(address) ? 6 : 4 }))
  if (!first) throw notFound(host)
  return [first, ...rest]
}

/** The first of `resolveAllowedAll`. */
export async function resolveAllowed(host: string, policy?: Policy): Promise<AllowedAddress> {
  const [first] = await resolveAllowedAll(host, policy)
  return first
}

/** Why an address may not be connected to, as the end of a sentence; null when it may. */
export function refusal(address: string, policy: Policy): string | null {
  if (!ipaddr.isValid(address)) return 'is not an IP address'
  for (const form of forms(ipaddr.parse(address))) {
    const range = form.range()
    if (isMetadata(form)) return 'is the address of a metadata service'
    if (NEVER.has(range) || isIn(form, '0.0.0.0/8') || isIn(form, '240.0.0.0/4')) return `is ${words(range)} address`
    if (policy === 'public' && !isPublic(form)) return `is ${words(range)} address`
  }
  return null
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** The address and the IPv4 address that it carries inside, when it is of a kind that carries one. */
function forms(address: Address): Address[] {
  if (address instanceof ipaddr.IPv4) return [address]
  const bytes = address.toByteArray()
  const at = (offset: number, flip = 0) => ipaddr.fromByteArray(bytes.slice(offset, offset + 4).map((byte) => byte ^ flip))
  switch (address.range()) {
    case 'ipv4Mapped':
      return [at(12)]
    case 'rfc6145':
    case 'rfc6052':
      return [address, at(12)]
    case '6to4':
      return [address, at(2)]
    case 'teredo':
      return [address, at(12, 0xff), at(4)]
    default:
      // IPv4-compatible (::a.b.c.d), local NAT64 and ISATAP hold one as well
      if (isIn(address, '::/96') && address.range() === 'unicast') return [address, at(12)]
      if (isIn(address, '64:ff9b:1::/48')) return [address, at(12)]
      if (address.toNormalizedString().includes(':5efe:')) return [address, at(12)]
      return [address]
  }
}

function isPublic(address: Address): boolean {
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast'
  const carriesPublic = ['rfc6145', 'rfc6052', '6to4'].includes(address.range()) // its IPv4 form is checked by itself
  return carriesPublic || (address.range() === 'unicast' && isIn(address, '2000::/3'))
}

function isMetadata(address: Address): boolean {
  return METADATA_RANGES.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits)) || isIn(address, '169.254.0.0/16')
}

function isIn(address: Address, range: string): boolean {
  const [base, bits] = ipaddr.parseCIDR(range)
  return base.kind() === address.kind() && address.match(base, bits)
}

function words(range: string): string {
  const known: Record<string, string> = { unspecified: 'the unspecified', broadcast: 'the broadcast', multicast: 'a multicast', linkLocal: 'a link-local', loopback: 'a loopback', private: 'a private', uniqueLocal: 'a private', carrierGradeNat: 'a carrier-private' }
  return known[range] ?? 'a reserved'
}

/** The host as it may be resolved; refuses socket paths and the many ways of writing an IPv4 address as a number. */
function checkedName(host: string): string {
  const name = host.trim().replace(/^\[(.*)\]$/, '$1')
  const bad = (detail: string, advice: string) => new AppError('bad_config', { title: 'The host cannot be used', detail, advice })
  if (!name) throw bad('It is empty', 'Enter the host name or the IP address of the server')
  if (/[/\\@]/.test(name)) throw bad(`"${host}" is a path or holds a user name`, 'Enter a host name or an IP address; local sockets are not used')
  if (net.isIPv6(name)) return name.replace(/%.*$/, '') // a zone only makes sense for link-local addresses, which are refused
  if (net.isIPv4(name)) return name
  const ascii = domainToASCII(name).replace(/\.$/, '')
  const lastLabel = name.replace(/\.$/, '').split('.').at(-1) ?? ''
  if (/^(0x[0-9a-f]*|[0-9]+)$/i.test(lastLabel) || net.isIP(ascii)) throw bad(`"${host}" is a number and no plain IPv4 address`, 'Write the address as four numbers with dots, such as 203.0.113.7')
  if (!/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/i.test(ascii) || ascii.length > 253) throw bad(`"${host}" is not a host name`, 'Enter only the host name, without https:// and without a port')
  if (METADATA_HOSTS.has(ascii.toLowerCase())) throw notAllowed(host, ascii, 'is a metadata service', 'any')
  return ascii
}

async function resolve(name: string): Promise<{ address: string }[]> {
  try {
    return await lookup(name, { all: true, verbatim: true })
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOTFOUND' || code === 'ENODATA') throw notFound(name, cause)
    throw new AppError('unreachable', {
      title: `The address of ${name} could not be looked up`,
      detail: `The name server gave no answer (${code ?? 'unknown'})`,
      advice: 'Try again in a minute; if it stays, check the name servers of this machine',
    }, { isRetryable: true, cause })
  }
}

function notFound(host: string, cause?: unknown): AppError {
  return new AppError('unreachable', {
    title: `There is no host named ${host}`,
    detail: 'The name servers know no address for it',
    advice: 'Check the spelling; a name that is known only inside a private network cannot be found from here',
  }, { isRetryable: true, cause })
}

function notAllowed(host: string, address: string, reason: string, policy: Policy): AppError {
  const subject = host === address ? address : `${host} leads to ${address}, which`
  return new AppError('not_allowed', {
    title: 'Connections to this address are not allowed',
    detail: `${subject} ${reason}`,
    advice: policy === 'public' ? 'Use the public address of the server and allow our addresses in its firewall' : 'Use the address of the server itself',
  })
}
