import net from 'node:net'
import tls from 'node:tls'
import pg from 'pg'
import { limits } from '@/lib/core/limits'
import { resolveAllowedAll, type AllowedAddress } from '../egress'
import type { PostgresConfig } from './config'
import { connectionError, isFromServer, noTlsError, plainRefused, signInError, tlsError } from './postgres-error'

const CONNECT_MS = limits.connectSeconds * 1000
const READ_BYTES = 256 * 1024

export interface Session {
  client: pg.Client
  /** The stream that the client speaks over: encrypted when `isEncrypted`. */
  socket: net.Socket
  isEncrypted: boolean
  /** While lent, each `data` of a plain socket is only valid during its event: bytes are not copied. */
  lendReads(isLent: boolean): void
  /** The checked address that this session is connected to, for a cancel request. */
  address: AllowedAddress
  /** Why a step failed: what the server said before it ended the session, where the step itself knows only that the connection is gone. */
  causeOf(failure: unknown): unknown
  /** Sign out in order. */
  close(): Promise<void>
  /** Drop the connection and have the server end what it is doing for it. */
  abandon(): Promise<void>
}

/** Open a session as the config says; sslmode means what it means to libpq. Throws AppErrors in words. */
export async function connectPostgres(config: PostgresConfig, signal: AbortSignal): Promise<Session> {
  const addresses = await resolveAllowedAll(config.host)
  const plain = await openPlain(config, addresses, signal)
  return signIn(config, await secureChannel(config, plain, signal), signal)
}

export interface Channel {
  socket: net.Socket
  address: AllowedAddress
  isEncrypted: boolean
  reads: Reads
}

interface Reads {
  isLent: boolean
}

/** The channel, encrypted as sslmode asks. */
export async function secureChannel(config: PostgresConfig, plain: Channel, signal: AbortSignal): Promise<Channel> {
  if (config.sslmode === 'disable') return plain
  try {
    return await encrypt(config, plain, signal)
  } catch (error) {
    plain.socket.destroy()
    if (config.sslmode !== 'prefer' || signal.aborted) throw error
    return openPlain(config, [plain.address], signal) // as libpq does: what fails with TLS is tried without
  }
}

/** Sign in over the channel, which is closed again when that fails. */
export async function signIn(config: PostgresConfig, channel: Channel, signal: AbortSignal): Promise<Session> {
  try {
    return await startSession(config, channel, signal)
  } catch (error) {
    // libpq's `prefer`: a server that takes only plain connections from here is asked again without TLS
    if (config.sslmode !== 'prefer' || !channel.isEncrypted || !plainRefused(error)) throw error
    return startSession(config, await openPlain(config, [channel.address], signal), signal)
  }
}

/** A connection to the first address that takes one. */
export async function openPlain(config: PostgresConfig, addresses: AllowedAddress[], signal: AbortSignal): Promise<Channel> {
  let failure: unknown
  for (const address of addresses) {
    try {
      const reads = { isLent: false }
      return { socket: await openSocket(address, config.port, reads, signal), address, isEncrypted: false, reads }
    } catch (error) {
      if (signal.aborted) throw connectionError(error, config, signal)
      failure ??= error
    }
  }
  throw connectionError(failure, config, signal)
}

/** All reads share one buffer: one of its own for each 64 KB would cost a fifth of the time of a big read. */
function openSocket({ address, family }: AllowedAddress, port: number, reads: Reads, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
    const callback = (bytes: number): boolean => {
      const view = buffer.subarray(0, bytes)
      socket.emit('data', reads.isLent ? view : Buffer.from(view))
      return true // go on reading; `pause` is what stops it
    }
    const socket: net.Socket = net.connect({ host: address, port, family, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000, onread: { buffer, callback } })
    socket.on('error', () => {}) // an error between two steps has nobody else who listens; the next step sees the closed socket
    const done = settleOnce(socket, signal, reject)
    socket.once('connect', () => {
      done()
      resolve(socket)
    })
  })
}

/** Fail on an error, the time limit or the abort, whichever comes first; the returned function ends the watch. */
function settleOnce(socket: net.Socket, signal: AbortSignal, reject: (error: unknown) => void): () => void {
  const fail = (error: unknown) => {
    done()
    socket.on('error', () => {}) // a destroyed socket may still report; the first failure is the one that counts
    socket.destroy()
    reject(error)
  }
  const onClose = () => fail(cutError())
  const onAbort = () => fail(signal.reason)
  const timer = setTimeout(() => fail(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), CONNECT_MS)
  const done = () => {
    clearTimeout(timer)
    socket.off('error', fail).off('close', onClose)
    signal.removeEventListener('abort', onAbort)
  }
  socket.once('error', fail).once('close', onClose)
  signal.addEventListener('abort', onAbort)
  if (signal.aborted) onAbort()
  else if (socket.destroyed) onClose() // cut since the step before: its event has passed
  return done
}

function cutError(): Error {
  return Object.assign(new Error('closed'), { code: 'ECONNRESET' })
}

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** Ask for TLS; with sslmode `prefer` a server that has none is used as it is. */
async function encrypt(config: PostgresConfig, plain: Channel, signal: AbortSignal): Promise<Channel> {
  const answer = await askForTls(plain.socket, signal).catch((error: unknown) => {
    throw connectionError(error, config, signal)
  })
  if (answer === 'N' && config.sslmode === 'prefer') return plain
  if (answer !== 'S') throw noTlsError(config, answer)
  try {
    return { ...plain, socket: await handshake(config, plain.socket, signal), isEncrypted: true }
  } catch (error) {
    throw tlsError(error, config, signal)
  }
}

function askForTls(socket: net.Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = settleOnce(socket, signal, reject)
    socket.once('data', (data: Buffer) => {
      done()
      // Exactly one byte: more would be plain text slipped in before the handshake (CVE-2021-23222)
      resolve(data.length === 1 ? String.fromCharCode(data[0] ?? 0) : 'more')
    })
    socket.write(SSL_REQUEST)
  })
}

function handshake(config: PostgresConfig, socket: net.Socket, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const isVerified = config.sslmode === 'verify-full'
    if (socket.destroyed) throw cutError()
    const encrypted = tls.connect({
      socket,
      host: config.host, // the name that the certificate must carry; the connection itself is open already
      servername: net.isIP(config.host) ? undefined : config.host,
      rejectUnauthorized: isVerified,
      ca: isVerified && config.ca ? config.ca : undefined,
    })
    encrypted.on('error', () => {})
    const done = settleOnce(encrypted, signal, reject)
    encrypted.once('secureConnect', () => {
      done()
      resolve(encrypted)
    })
  })
}

async function startSession(config: PostgresConfig, channel: Channel, signal: AbortSignal): Promise<Session> {
  const { socket, address, isEncrypted, reads } = channel
  if (socket.destroyed) throw connectionError(cutError(), config, signal)
  const client = new pg.Client({
    host: address.address,
    port: config.port,
    database: config.database,
    user: config.user,
    password: () => config.password, // a function: with a blank string the client would look in the environment and in files
    ssl: false, // the channel is encrypted already
    application_name: 'tributary',
    connectionTimeoutMillis: CONNECT_MS,
    stream: () => asUnopened(socket),
  })
  let farewell: unknown
  client.on('error', (error) => (farewell ??= error)) // an idle connection that is cut shows at the next statement
  const onAbort = () => socket.destroy()
  signal.addEventListener('abort', onAbort)
  try {
    await client.connect()
  } catch (error) {
    socket.destroy()
    throw signInError(error, config, signal, isEncrypted)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  if (signal.aborted) {
    socket.destroy()
    throw signInError(signal.reason, config, signal, isEncrypted)
  }
  const causeOf = (failure: unknown) => (isFromServer(failure) ? failure : (farewell ?? failure))
  return { client, socket, isEncrypted, address, causeOf, lendReads: (isLent) => void (reads.isLent = isLent), close: () => closeSession(client, socket), abandon: once(() => abandon(config, channel, client)) }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

/** The client wants to open its stream itself; this one is open, so it is only told so. */
function asUnopened(socket: net.Socket): net.Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'))
    return socket
  }
  return socket
}

async function closeSession(client: pg.Client, socket: net.Socket): Promise<void> {
  const timer = setTimeout(() => socket.destroy(), 2_000) // a server that does not answer the farewell is left alone
  await client.end().catch(() => {})
  clearTimeout(timer)
  socket.destroy()
}

/**
 * A server notices a lost connection only when it next writes to it; the cancel request ends a long
 * calculation at once. It is sent as best effort: the connection is gone in any case.
 */
async function abandon(config: PostgresConfig, { socket, address, isEncrypted }: Channel, client: pg.Client): Promise<void> {
  socket.destroy()
  const { processID, secretKey } = client as unknown as { processID: number | null; secretKey: number | null } // not in the published types
  if (processID === null || secretKey === null) return
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  try {
    const signal = AbortSignal.timeout(CONNECT_MS)
    const plain = await openPlain(config, [address], signal)
    const channel = isEncrypted ? await encrypt(config, plain, signal) : plain
    await new Promise<void>((resolve) => {
      channel.socket.on('error', () => resolve()).once('close', () => resolve()).resume()
      channel.socket.end(request)
      setTimeout(resolve, 2_000).unref()
    })
    channel.socket.destroy()
  } catch {
    // the server cannot be reached: it sees the closed connection by itself
  }
}
