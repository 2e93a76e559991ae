import path from 'node:path'
import { z } from 'zod'
import { AppError } from './errors'

const optionalText = z.string().trim().min(1).optional()

/** A bucket, and where in it. */
export const WarehouseUrl = z
  .string()
  .trim()
  .regex(/^s3:\/\/[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9](\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/, 'must be s3://bucket or s3://bucket/prefix')

const Collector = z.url({ protocol: /^https?$/, message: 'must be an address, such as http://collector.example.com:4318' })

const Env = z.object({
  /** Our own database; without it an embedded PostgreSQL is started. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgresql://')
    .optional(),
  /** Where data, keys and logs live. */
  TRIBUTARY_DATA: optionalText,
  /** The bucket of the warehouse; without it a folder in the data folder. */
  WAREHOUSE_URL: WarehouseUrl.optional(),
  /** Where a bucket is that is not Amazon's: MinIO, R2, Ceph. */
  S3_ENDPOINT: z.url({ protocol: /^https?$/, message: 'must be an address, such as https://minio.example.com:9000' }).optional(),
  AWS_REGION: optionalText,
  AWS_DEFAULT_REGION: optionalText,
  /** The key of the bucket; without it the profile or the role of this machine. */
  AWS_ACCESS_KEY_ID: optionalText,
  AWS_SECRET_ACCESS_KEY: optionalText,
  AWS_SESSION_TOKEN: optionalText,
  /** What files of the bucket may take on this machine, beside those that are being read. */
  WAREHOUSE_CACHE_BYTES: z.coerce.number('must be a number of bytes').int().min(0).optional(),
  HOST: z.string().trim().min(1).default('127.0.0.1'),
  PORT: z.coerce.number('must be a number').int().min(0).max(65535).default(3000),
  NEXTAUTH_SECRET: z.string().min(16, 'must have 16 characters or more').optional(),
  NEXTAUTH_URL: z.url().optional(),
  ENCRYPTION_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits (openssl rand -hex 32)')
    .optional(),
  /** `public` refuses sources at private addresses. */
  EGRESS: z.enum(['any', 'public']).default('any'),
  /** `US=1.2.3.4,5.6.7.8;EU=…`: the addresses that a source must let in. */
  INBOUND_IPS: optionalText,
  /** With it syncs run on Trigger.dev, and the embedded worker takes none. */
  TRIGGER_SECRET_KEY: z
    .string()
    .trim()
    .regex(/^tr_(?!pat_|oat_)\S+$/, 'must be the secret key of an environment in Trigger.dev, such as tr_prod_… (a personal access token, tr_pat_…, is something else)')
    .optional(),
  /** A Trigger.dev of one's own. */
  TRIGGER_API_URL: z.url({ protocol: /^https?$/, message: 'must be an address, such as https://trigger.example.com' }).default('https://api.trigger.dev'),
  /** With it a worker answers /health, /ready and /metrics at this port of HOST. */
  WORKER_PORT: z.coerce.number('must be a number').int().min(1).max(65535).optional(),
  /** With it the pages answer /api/metrics to whoever shows it; a worker's /metrics asks for it too. */
  METRICS_TOKEN: z.string().trim().min(16, 'must have 16 characters or more').optional(),
  /** Where traces of syncs are sent, as OpenTelemetry names its variables; its library reads the other OTEL_ ones by itself. */
  OTEL_EXPORTER_OTLP_ENDPOINT: Collector.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Collector.optional(),
  OTEL_SERVICE_NAME: z.string().trim().min(1).default('tributary'),
  OTEL_SDK_DISABLED: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Env = z.infer<typeof Env>

/** Every variable of ours, for the documents. */
export const variableNames = Object.keys(Env.shape)

let cached: Env | undefined

/** The environment, read once. Throws one sentence that names the wrong variable. */
export function env(): Env {
  if (cached) return cached
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
  const read = Env.safeParse(given)
  if (!read.success) {
    const issue = read.error.issues[0]
    throw new AppError('bad_config', {
      title: `The environment variable ${String(issue?.path[0])} cannot be used`,
      detail: issue?.message,
      advice: 'Correct it, or remove it to use the default',
    })
  }
  cached = read.data
  return cached
}

/** Set variables for this process and the ones that it starts; the next `env()` reads them. */
export function setEnv(values: Record<string, string>): void {
  Object.assign(process.env, values)
  cached = undefined
}

/** Set those variables that are not given. */
export function setEnvDefaults(values: Record<string, string>): void {
  setEnv(Object.fromEntries(Object.entries(values).filter(([name]) => !process.env[name])))
}

/** What a child process needs to run at all; nothing of ours, no secret. */
export function bareEnvironment(): Record<string, string> {
  const names = ['PATH', 'SystemRoot', 'TEMP', 'TMPDIR', 'LANG']
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name] as string]] : [])))
}

/** The folder of data, keys and logs, as an absolute path. */
export function dataFolder(): string {
  return path.resolve(/* turbopackIgnore: true */ env().TRIBUTARY_DATA ?? path.join(projectFolder(), '.tributary'))
}

/** The folder of the program itself: where package.json is. */
export function projectFolder(): string {
  return process.env.TRIBUTARY_ROOT ?? process.cwd()
}

/** The development server of Next, with its looser content security policy. */
export function isDevelopment(): boolean {
  return process.env.NODE_ENV === 'development'
}
