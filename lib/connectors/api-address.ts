import net from 'node:net'
import { z } from 'zod'
import { refusal } from './egress'

/**
 * The address of an API, as a person enters it; it comes out without slashes at its end. Sent in the clear, a key is anybody's: plain
 * http stays within the machine or a private network. @param example `https://api.example.com`
 */
export function apiAddress(example: string) {
  return z.string({ error: `Enter the address, such as ${example}` }).transform((url) => url.trim().replace(/\/+$/, '')).superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message, input: text })
    if (!URL.canParse(text)) return refuse(`Enter the address with https://, such as ${example}`)
    const url = new URL(text)
    if (url.username || url.password || url.search || url.hash) refuse('Enter the address alone: no user name, no ? and no #')
    else if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isPrivateHost(url.hostname))) refuse('Use https://: plain http is only for addresses in a private network')
  })
}

const PRIVATE_NAMES = /^(localhost|[^.]+|.+\.(localhost|local|internal|lan|test|home\.arpa))\.?$/

function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (!net.isIP(host)) return PRIVATE_NAMES.test(host)
  return refusal(host, 'any') === null && refusal(host, 'public') !== null
}
