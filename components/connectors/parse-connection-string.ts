/** Parts of a pasted connection string, under the names that config fields use. */
export type ConnectionParts = Partial<Record<'host' | 'port' | 'database' | 'user' | 'password' | 'sslmode' | 'schema', string>>

/**
 * Take a connection string apart: `postgresql://user:password@host:5432/database?sslmode=require`, the same
 * after `jdbc:`, a `psql` command around it, or `host=… port=… dbname=…`. Null when it is none of these.
 * It runs in the browser: the string, and the password in it, goes nowhere.
 */
export function parseConnectionString(pasted: string): ConnectionParts | null {
  const text = unwrap(pasted)
  const parts = /^(jdbc:)?[a-z][a-z0-9+]*:\/\//i.test(text) ? parseUrl(text) : parsePairs(text)
  return parts?.host ? parts : null
}

/** Hosts show the string inside a command: `psql "postgresql://…"`, `DATABASE_URL='postgresql://…'`. */
function unwrap(pasted: string): string {
  const text = pasted.trim()
  const url = /(?:jdbc:)?[a-z][a-z0-9+]*:\/\/[^\s'"]+/i.exec(text)
  if (url) return url[0]
  return text.replace(/^psql\s+/, '').replace(/^(["'])(.*)\1;?$/s, '$2')
}

function parseUrl(text: string): ConnectionParts | null {
  // By hand and not by URL: a password often holds `#`, `/` or `?` that nobody encoded.
  const match = /^(?:jdbc:)?[a-z][a-z0-9+]*:\/\/(?:(.*)@)?(\[[^\]]+\]|[^/:?#,]*)(?::(\d+))?(?:,[^/?]*)?(?:\/([^?]*))?(?:\?(.*))?$/i.exec(text)
  if (!match) return null
  const [, account, host, port, database, query] = match
  const [user, ...password] = (account ?? '').split(':')
  const settings = new URLSearchParams(query ?? '')
  const schema = settings.get('schema') ?? settings.get('currentSchema') ?? /search_path(?:=|%3D)([\w$]+)/i.exec(settings.get('options') ?? '')?.[1]
  return present({
    host: (host ?? '').replace(/^\[(.*)\]$/, '$1') || settings.get('host'),
    port: port ?? settings.get('port'),
    database: decode(database ?? ''),
    user: decode(user ?? '') || settings.get('user'),
    password: decode(password.join(':')) || settings.get('password'),
    sslmode: settings.get('sslmode') ?? (settings.get('ssl') === 'true' ? 'require' : null),
    schema,
  })
}

/** libpq's own form: `host=db.example.com port=5432 dbname=shop user=reader password='se cret'`. */
function parsePairs(text: string): ConnectionParts | null {
  const found = new Map<string, string>()
  for (const [, name, quoted, bare] of text.matchAll(/([a-z_]+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|(\S*))/gi)) {
    if (name) found.set(name.toLowerCase(), (quoted ?? bare ?? '').replace(/\\(.)/g, '$1'))
  }
  return present({
    host: found.get('host') ?? found.get('hostaddr'),
    port: found.get('port'),
    database: found.get('dbname') ?? found.get('database'),
    user: found.get('user'),
    password: found.get('password'),
    sslmode: found.get('sslmode'),
  })
}

function present(parts: Record<keyof ConnectionParts, string | null | undefined> | Omit<Record<keyof ConnectionParts, string | null | undefined>, 'schema'>): ConnectionParts {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value))
}

/** A `%` that encodes nothing stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
