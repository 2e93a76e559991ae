import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dataFolder, env } from './env'
import { AppError } from './errors'

const FORMAT = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seal a text with AES-256-GCM. `context` (the row it belongs to) is authenticated with it, so
 * that a sealed text copied to another row cannot be opened there.
 */
export function seal(text: string, context: string): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(), iv)
  cipher.setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return `${FORMAT}.${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')}`
}

/** Open what `seal` made; throws when the key or the context is another one. */
export function open(sealed: string, context: string): string {
  const [format, payload] = sealed.split('.')
  if (format !== FORMAT || !payload) throw cannotOpen()
  const bytes = Buffer.from(payload, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey(), bytes.subarray(0, IV_BYTES))
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch (cause) {
    throw cannotOpen(cause)
  }
}

/** A digest that tells whether a text is still the same, and nothing about it to who has not the key: it may hold secrets. */
export function keyedDigest(text: string): string {
  return createHmac('sha256', encryptionKey()).update(text).digest('hex')
}

function cannotOpen(cause?: unknown): AppError {
  return new AppError('bad_config', {
    title: 'A stored secret cannot be opened',
    detail: 'It was sealed with another encryption key',
    advice: 'Restore the key of this data folder (keys/encryption) or ENCRYPTION_KEY, or enter the secret again',
  }, { cause })
}

function encryptionKey(): Buffer {
  return Buffer.from(env().ENCRYPTION_KEY ?? keptSecret('encryption'), 'hex')
}

/** The secret that signs sessions. */
export function sessionSecret(): string {
  return env().NEXTAUTH_SECRET ?? keptSecret('session')
}

/**
 * A random secret of 32 bytes, as hex, made once and kept in the data folder with mode 0600.
 * Throws `bad_config` when the file is there and holds something else.
 */
export function keptSecret(name: string): string {
  const folder = path.join(dataFolder(), 'keys')
  const file = path.join(folder, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!existsSync(file)) makeSecret(file)
  const secret = readFileSync(file, 'utf8').trim()
  if (/^[0-9a-f]{64}$/.test(secret)) return secret
  throw new AppError('bad_config', { title: `The key file ${file} cannot be used`, detail: 'It does not hold 64 hexadecimal digits', advice: 'Restore it from a backup of the data folder; without it what it sealed is lost' })
}

/** The file appears whole or not at all; of two processes that start at once, one makes it and the other reads it. */
function makeSecret(file: string): void {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600, flush: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
