import { AppError } from '@/lib/core/errors'
import type { HttpRequest } from './types'

/** The origin and path that all requests begin with. Throws `bad_config`. */
export function parseBaseUrl(text: string): URL {
  const url = parse(text, 'The address of the API')
  if (url.search) throw wrong('The address of the API', 'It holds a query')
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

/** Where access tokens are fetched. Throws `bad_config`. */
export function parseTokenUrl(text: string): URL {
  return parse(text, 'The address of the token endpoint')
}

function wrong(what: string, detail: string): AppError {
  return new AppError('bad_config', { title: `${what} cannot be used`, detail, advice: 'Enter an address such as https://api.example.com' })
}

function parse(text: string, what: string): URL {
  if (!URL.canParse(text)) throw wrong(what, 'It is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw wrong(what, 'It does not begin with https://')
  if (url.username || url.password) throw wrong(what, 'It holds a user name or a password; these have fields of their own')
  if (url.hash) throw wrong(what, 'It holds a fragment')
  return url
}

/**
 * Where a request goes. A relative path, with or without a slash before it, is taken from the base's path on; an absolute URL
 * must be of the base's origin.
 */
export function requestUrl(base: URL, { path, query = {} }: Pick<HttpRequest, 'path' | 'query'>): URL {
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(path) || path.startsWith('//')
  if (isAbsolute && !URL.canParse(path, base)) throw elsewhere(base, 'an address that is none')
  const url = isAbsolute ? new URL(path, base) : new URL(base.origin + base.pathname + path.replace(/^\/+/, ''))
  if (url.origin !== base.origin) throw elsewhere(base, url.origin)
  url.username = ''
  url.password = ''
  url.hash = ''
  for (const [name, value] of Object.entries(query)) for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, one)
  return url
}

/** An address that came with an answer and is not the service's own: nothing of ours, the key least, is sent there. */
export function elsewhere(base: URL, target: string): AppError {
  return new AppError('source', {
    title: `${base.host} points to another address`,
    detail: `It names ${target}, and requests go to ${base.origin} alone`,
    advice: 'If the service has moved, enter its new address',
  })
}
