import { isIP } from 'node:net'
import { env } from '@/lib/core/env'
import { AppError } from '@/lib/core/errors'
import type { InboundAddresses } from './link-schema'

/** The addresses that the hosted service connects from. */
const HOSTED = 'US=44.205.89.55,44.208.188.173,52.4.194.122;EU=3.75.65.221,18.197.246.42,3.120.223.253'

/** The addresses that a source must let in: those of INBOUND_IPS, else the hosted service's. */
export function inboundAddresses(): InboundAddresses {
  const own = env().INBOUND_IPS
  return { isOwn: own !== undefined, regions: parseInboundAddresses(own ?? HOSTED) }
}

/**
 * Read `US=1.2.3.4,5.6.7.8;EU=…`, or plain `1.2.3.4,5.6.7.8` for a server without regions. An address may
 * be IPv4, IPv6 or a range such as `10.0.0.0/24`. Throws `bad_config` with the part that is none.
 */
export function parseInboundAddresses(text: string): InboundAddresses['regions'] {
  return text
    .split(';')
    .filter((part) => part.trim())
    .map((part) => {
      const [before, after] = part.split(/=(.*)/s, 2)
      const addresses = (after ?? before ?? '').split(',').map((address) => address.trim()).filter(Boolean)
      const wrong = addresses.find((address) => !isAddress(address))
      if (wrong !== undefined || !addresses.length) throw notAnAddress(wrong ?? part.trim())
      return { region: after === undefined ? null : (before ?? '').trim(), addresses }
    })
}

function isAddress(text: string): boolean {
  const [address = '', bits] = text.split(/\/(.*)/s, 2)
  const version = isIP(address)
  if (!version) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}

function notAnAddress(part: string): AppError {
  return new AppError('bad_config', {
    title: 'The environment variable INBOUND_IPS cannot be used',
    detail: `${part} is not an IP address`,
    advice: 'Write it as US=1.2.3.4,5.6.7.8;EU=9.10.11.12, or remove it to use the default',
  })
}
