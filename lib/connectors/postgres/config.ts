import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { parseConnectionString } from './connection-string'

const NUL = /^[^\0]*$/
const text = (missing: string) => z.string({ error: missing }).regex(NUL, 'Remove the NUL character')

const Fields = z.object({
  connection_string: z.string().optional().meta({
    label: 'Connection string',
    help: 'Fills the fields below and is not kept',
    placeholder: 'postgresql://user:password@host:5432/database',
    secret: true,
    control: 'password',
  }),
  host: text('Enter the host').min(1, 'Enter the host').max(255).meta({ label: 'Host', placeholder: 'db.example.com', help: 'The host name or the IP address of the server', isDestination: true }),
  port: z.coerce.number('Enter the port as a number').int('Enter the port as a whole number').min(1, 'A port is between 1 and 65535').max(65_535, 'A port is between 1 and 65535').default(5432).meta({ label: 'Port', control: 'number', isDestination: true }),
  database: text('Enter the database').min(1, 'Enter the database').meta({ label: 'Database', placeholder: 'shop' }),
  user: text('Enter the user').min(1, 'Enter the user').meta({ label: 'User', placeholder: 'tributary_reader', help: 'A user that can only read is enough' }),
  password: text('Enter the password').default('').meta({ label: 'Password', secret: true, control: 'password' }),
  schema: text('Enter the schema').default('').meta({ label: 'Schema', placeholder: 'public', help: 'Leave it blank to see every schema' }),
  sslmode: z.enum(['disable', 'prefer', 'require', 'verify-full'], 'Choose disable, prefer, require or verify-full').default('prefer').meta({
    label: 'TLS',
    control: 'select',
    help: 'prefer encrypts when the server can; require always encrypts; verify-full also checks the certificate and the host name',
  }),
  ca: z.string().default('').refine(isCertificate, 'Paste the certificate as text that begins with -----BEGIN CERTIFICATE-----').meta({
    label: 'CA certificate',
    control: 'textarea',
    help: 'The certificate that signed the server’s; leave it blank for a publicly trusted one',
    placeholder: '-----BEGIN CERTIFICATE-----',
    when: { field: 'sslmode', is: ['verify-full'] },
  }),
})

/** One certificate or a bundle of them, or nothing. */
function isCertificate(pem: string): boolean {
  if (pem === '') return true
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).subject !== undefined)
  } catch {
    return false // the text between the lines is no certificate
  }
}

const DEFAULTS: Record<string, string> = { port: '5432', sslmode: 'prefer' }
const TRIMMED = new Set(['connection_string', 'host', 'database', 'user', 'ca'])

/**
 * Blank fields are fields not given, and what the connection string says fills them. A field that is given wins,
 * except where it only shows its default: a form sends port 5432 along with a pasted string that says 6432.
 */
function fillFields(input: unknown, context: z.RefinementCtx): unknown {
  if (typeof input !== 'object' || input === null) return input
  const given: Record<string, unknown> = {}
  for (const [name, raw] of Object.entries(input)) {
    const value = typeof raw === 'string' && TRIMMED.has(name) ? raw.trim() : raw
    if (value !== '' && value !== null && value !== undefined) given[name] = value
  }
  const { connection_string: pasted, ...fields } = given
  if (typeof pasted !== 'string') return fields
  const parsed = parseConnectionString(pasted)
  if (!parsed.ok) {
    context.addIssue({ code: 'custom', path: ['connection_string'], message: parsed.message, input: undefined })
    return fields
  }
  const kept = Object.entries(fields).filter(([name, value]) => String(value) !== DEFAULTS[name])
  return { ...fields, ...parsed.fields, ...Object.fromEntries(kept) }
}

/** What the form sends becomes what check, discover and read are given; the connection string is not part of that. */
export const PostgresConfig = z.preprocess(fillFields, Fields).transform(({ connection_string: _, ...config }) => config)
export type PostgresConfig = z.output<typeof PostgresConfig>
