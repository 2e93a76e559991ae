import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import { AppError } from '@/lib/core/errors'
import { readBody } from './body'
import { connectionFailure, WireFailure } from './failure'

export interface WireRequest {
  url: URL
  /** In place of the URL's path and query. */
  exactPath?: string
  method: string
  headers: Record<string, string>
  body: Buffer | undefined
  mostBytes: number
  agent: http.Agent
  connectSeconds: number
  firstByteSeconds: number
  idleSeconds: number
  requestSeconds: number
}

export interface WireAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** Of the body, as it came over the wire. */
  wireBytes: number
  /** Only of `begin`: the body as it arrives. */
  response?: IncomingMessage
}

/** Sockets that are connected, with TLS where it is used: Node does not say it of one that was handed on without a rest. */
const used = new WeakSet<Socket>()

/**
 * One request and its whole answer. Throws WireFailure when no whole answer came, an AppError when the address may not be
 * connected to, and the signal's reason as soon as it is aborted. Nothing is left running.
 */
export function exchange(wire: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
  return answered(wire, signal, (response, onBytes) => readBody(response, wire.method, wire.mostBytes, onBytes))
}

/** As `exchange`, but an answer that is a success comes as soon as it begins: `response` is its body, packed as it is, and the caller's to read or to destroy. */
export function begin(wire: WireRequest, signal: AbortSignal): Promise<WireAnswer> {
  return answered(wire, signal, async (response, onBytes) => {
    const { statusCode = 0 } = response
    if (statusCode < 200 || statusCode > 299 || wire.method === 'HEAD') return readBody(response, wire.method, wire.mostBytes, onBytes)
    return { body: Buffer.alloc(0), wireBytes: 0, response }
  })
}

type Taken = Pick<WireAnswer, 'body' | 'wireBytes' | 'response'>

function answered(wire: WireRequest, signal: AbortSignal, take: (response: IncomingMessage, onBytes: () => void) => Promise<Taken>): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const { url } = wire
    const request = open(wire)
    let isConnected = false
    let isDone = false
    const clock = new Clock((failure) => end(failure))
    const end = (error: unknown): void => {
      if (isDone) return
      finish()
      request.destroy()
      reject(error)
    }
    const onAbort = (): void => end(signal.reason)
    const finish = (): void => {
      isDone = true
      clock.stop()
      signal.removeEventListener('abort', onAbort)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    clock.whole(wire.requestSeconds)
    clock.phase('connect_timeout', wire.connectSeconds)
    request.on('socket', (socket) => {
      const connected = (): void => {
        isConnected = true
        clock.phase('answer_timeout', wire.firstByteSeconds)
      }
      if (used.has(socket)) return connected()
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        used.add(socket)
        connected()
      })
    })
    // the egress guard's own refusal passes as it is
    request.on('error', (error) => end(error instanceof AppError || error instanceof WireFailure ? error : connectionFailure(error, isConnected)))
    request.on('response', (response) => {
      clock.phase('idle_timeout', wire.idleSeconds)
      take(response, () => clock.phase('idle_timeout', wire.idleSeconds)).then((taken) => {
        if (isDone) return
        finish()
        resolve({ status: response.statusCode ?? 0, headers: plain(response.headers), ...taken })
      }, end)
    })
    request.end(wire.body)
  })
}

function open({ url, exactPath, method, agent, headers, body }: WireRequest): http.ClientRequest {
  try {
    return (url.protocol === 'https:' ? https : http).request(url, { ...(exactPath !== undefined && { path: exactPath }), method, agent, headers: { ...headers, ...(body && { 'content-length': String(body.length) }) } })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_INVALID_CHAR') throw cause
    throw new AppError('bad_config', { title: 'The credentials cannot be sent', detail: 'A header would hold a line break or a letter that no header can hold', advice: 'Copy the key again, without anything around it' })
  }
}

/** One timer for the phase that a request is in, one for the whole. */
class Clock {
  private timers: { whole?: NodeJS.Timeout; phase?: NodeJS.Timeout } = {}

  constructor(private readonly over: (failure: WireFailure) => void) {}

  whole(seconds: number): void {
    this.timers.whole = setTimeout(() => this.over(new WireFailure('request_timeout', `The answer was not complete after ${seconds} seconds`)), seconds * 1000)
  }

  phase(kind: 'connect_timeout' | 'answer_timeout' | 'idle_timeout', seconds: number): void {
    const words = { connect_timeout: `No connection within ${seconds} seconds`, answer_timeout: `No answer within ${seconds} seconds`, idle_timeout: `It fell silent for ${seconds} seconds in the middle of an answer` }
    clearTimeout(this.timers.phase)
    this.timers.phase = setTimeout(() => this.over(new WireFailure(kind, words[kind])), seconds * 1000)
  }

  stop(): void {
    clearTimeout(this.timers.whole)
    clearTimeout(this.timers.phase)
  }
}

function plain(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])))
}
