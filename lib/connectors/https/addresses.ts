import { AppError } from '@/lib/core/errors'
import { cloudOfHost } from '../objects/cloud-hosts'

export const HTTPS_EXAMPLE = 'https://example.com/exports/orders.csv'
const MOST = 100

/** What in a query is worth as much as a password: names of clouds' signatures, and what services commonly call theirs. */
const SECRET = /^(x-(amz|goog)-(signature|credential|security-token)|sig|signature|se?cret|token|access_?token|auth|key|api_?key|password|policy)$/i
const BLOT = '•••'

export interface FileAddress {
  /** What the file is called by us: the address, without what is secret in it. */
  key: string
  url: URL
}

/** The addresses of a table, each on a line of its own or after a comma. Throws AppError `invalid`. */
export function parseAddresses(pattern: string): FileAddress[] {
  const texts = pattern.split(/\s+|,\s*(?=https?:)/i).map((text) => text.replace(/,$/, '')).filter((text) => text !== '')
  if (texts.length === 0) throw invalid('There is no address', 'Nothing was entered', `Enter one such as ${HTTPS_EXAMPLE}`)
  if (texts.length > MOST) throw invalid('These are too many addresses', `There are ${texts.length}, and a table has at most ${MOST}`, 'Put the files into a bucket, or into several tables')
  const urls = new Map(texts.map((text) => parseAddress(text)).map((url) => [url.href, url]))
  const keys = new Map<string, number>()
  return [...urls.values()].map((url) => {
    const key = shown(url)
    const times = (keys.get(key) ?? 0) + 1
    keys.set(key, times)
    return { key: times === 1 ? key : `${key}#${times}`, url }
  })
}

function parseAddress(text: string): URL {
  const shortened = text.length > 80 ? `${text.slice(0, 80)}…` : text
  if (!URL.canParse(text)) throw invalid('This is no address', `“${shortened}” cannot be understood`, `Enter one such as ${HTTPS_EXAMPLE}`)
  const url = new URL(text)
  url.hash = ''
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw invalid('This kind of address is not for public files', `It begins with ${url.protocol}`, url.protocol === 's3:' ? 'Link it as a source of Amazon S3' : 'Enter an address with https://')
  if (url.username || url.password) throw invalid('The address holds a user name', 'Files behind a sign-in cannot be read this way', 'Enter an address that anybody can open')
  const cloud = url.pathname.includes('*') ? (cloudOfHost(url.hostname)?.cloud ?? 'own') : null
  if (cloud !== null) throw invalid('Public files have no wildcards', `A web server does not list its files, so that * in “${shortened}” stands for nothing`, cloud === 'own' ? 'Enter each address on a line of its own; write %2A for a name that holds a star' : 'Link the bucket as a source of its own, which can list it')
  if (url.hostname === 'docs.google.com' && url.pathname.startsWith('/spreadsheets/')) throw invalid('This is a Google sheet', 'Its address is that of a page', 'Link it as a source of Google Sheets')
  return url
}

function shown(url: URL): string {
  const bare = new URL(url)
  for (const name of new Set(url.searchParams.keys())) if (SECRET.test(name)) bare.searchParams.set(name, BLOT)
  return bare.search === url.search ? url.href : bare.href.replaceAll(encodeURIComponent(BLOT), BLOT)
}

function invalid(title: string, detail: string, advice: string): AppError {
  return new AppError('invalid', { title, detail, advice })
}
