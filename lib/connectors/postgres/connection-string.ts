export interface ConnectionFields {
  host?: string
  port?: number
  database?: string
  user?: string
  password?: string
  schema?: string
  sslmode?: 'disable' | 'prefer' | 'require' | 'verify-full'
}

export type ParsedConnectionString = { ok: true; fields: ConnectionFields } | { ok: false; message: string }

const SSL_MODES: Record<string, ConnectionFields['sslmode']> = { disable: 'disable', allow: 'prefer', prefer: 'prefer', require: 'require', 'no-verify': 'require', 'verify-ca': 'verify-full', 'verify-full': 'verify-full' }

/**
 * The fields of a `postgresql://…` address or of a `host=… dbname=…` string. Passwords may hold `/ ? # @ :`
 * unescaped, as people paste them. The message of a failure names what is wrong and holds nothing of the text.
 */
export function parseConnectionString(text: string): ParsedConnectionString {
  const given = text.trim().replace(/^jdbc:/i, '').replace(/^psql\s+/, '').replace(/^(['"])(.*)\1$/, '$2')
  const uri = /^postgres(?:ql)?:\/\/(.*)$/is.exec(given)
  if (uri) return fromUri(uri[1] ?? '')
  if (/^\s*\w+\s*=/.test(given)) return fromPairs(given)
  return fail('A connection string begins with postgresql://')
}

function fail(message: string): ParsedConnectionString {
  return { ok: false, message }
}

interface Parts {
  user?: string
  password?: string
  address: string
  path: string
  query: string
}

function fromUri(rest: string): ParsedConnectionString {
  const parts = strictParts(rest) ?? lenientParts(rest)
  if (!parts) return fail('The connection string has no host: postgresql://user:password@host:5432/database')
  if (parts.address.includes(',')) return fail('The connection string names more than one host; use one of them')
  const at = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(parts.address)
  if (!at) return fail('The port in the connection string is not a number')
  const fields: ConnectionFields = {}
  const host = decode(at[1] ?? '').replace(/^\[(.*)\]$/, '$1')
  if (host) fields.host = host
  if (at[2]) fields.port = Number(at[2])
  if (parts.user) fields.user = decode(parts.user)
  if (parts.password) fields.password = decode(parts.password)
  const database = decode(parts.path)
  if (database) fields.database = database
  return withSettings(fields, parts.query.split('&').filter(Boolean).map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return [decode(name), decode(value.join('='))]
  }))
}

/** As RFC 3986 reads it; undefined when what follows the host shows that a password was not escaped. */
function strictParts(rest: string): Parts | undefined {
  const match = /^(?:([^/?#]*)@)?([^@/?#]*)(?:\/([^@/?#]*))?(?:\?((?:[\w.-]+=[^&]*)(?:&[\w.-]+=[^&]*)*)?)?$/s.exec(rest)
  if (!match || /@.*\//.test(match[4] ?? '')) return undefined
  return parts(match[1], match[2], match[3], match[4])
}

function lenientParts(rest: string): Parts | undefined {
  const match = /^(?:(.*)@)([^@/?#]*)(?:\/([^?#]*))?(?:\?(.*))?$/s.exec(rest)
  return match ? parts(match[1], match[2], match[3], match[4]) : undefined
}

function parts(account: string | undefined, address = '', path = '', query = ''): Parts {
  const colon = account?.indexOf(':') ?? -1
  return { user: colon < 0 ? account : account?.slice(0, colon), password: colon < 0 ? undefined : account?.slice(colon + 1), address, path, query }
}

/** `host=localhost dbname='my shop'`, as libpq reads it. */
function fromPairs(text: string): ParsedConnectionString {
  const settings: [string, string][] = []
  const pattern = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/gsy
  let end = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    settings.push([match[1] ?? '', (match[2] ?? match[3] ?? '').replace(/\\(.)/gs, '$1')])
    end = pattern.lastIndex
  }
  if (text.slice(end).trim()) return fail('The connection string cannot be read; write postgresql://user:password@host:5432/database')
  return withSettings({}, settings)
}

function withSettings(fields: ConnectionFields, settings: [string, string][]): ParsedConnectionString {
  for (const [name, value] of settings) {
    if (!value) continue
    if (name === 'host' || name === 'hostaddr') fields.host = value
    else if (name === 'port') fields.port = Number(value)
    else if (name === 'dbname') fields.database = value
    else if (name === 'user') fields.user = value
    else if (name === 'password') fields.password = value
    else if (name === 'schema' || name === 'currentSchema') fields.schema = value
    else if (name === 'sslmode') {
      const mode = SSL_MODES[value]
      if (!mode) return fail('The sslmode of the connection string is not known; use disable, prefer, require or verify-full')
      fields.sslmode = mode
    }
  }
  if (fields.port !== undefined && !(Number.isInteger(fields.port) && fields.port >= 1 && fields.port <= 65_535)) return fail('The port in the connection string is not between 1 and 65535')
  if (fields.host?.includes(',')) return fail('The connection string names more than one host; use one of them')
  return { ok: true, fields }
}

/** A text with a stray `%` is taken as it is: it was never escaped. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
