import type { StatusMessage } from '@/lib/sources/schema'

type Receive = (message: StatusMessage) => void

const URL = '/api/status/stream'
/** A browser has few connections to one server: a tab that nobody looks at gives its own back. */
const HIDDEN_MS = 30_000
/** After an answer that is no stream (signed out, restarting) the browser does not try again by itself. */
const RETRY_MS = 5_000

const receivers = new Set<Receive>()
const watchers = new Set<() => void>()
let source: EventSource | undefined
let isLive = false
let timer: ReturnType<typeof setTimeout> | undefined

/** Join the page's one stream. `receive` also hears of every gap, the time before the stream opens included, as a message with isStale. Gives the way to leave. */
export function joinStream(receive: Receive): () => void {
  receivers.add(receive)
  if (receivers.size === 1) {
    document.addEventListener('visibilitychange', followVisibility)
    connect()
  }
  return () => {
    receivers.delete(receive)
    if (receivers.size) return
    document.removeEventListener('visibilitychange', followVisibility)
    disconnect()
  }
}

/** For useSyncExternalStore: is what happens heard as it happens? */
export function watchLive(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

export function readLive(): boolean {
  return isLive
}

function connect(): void {
  clearTimeout(timer)
  if (source) return
  const opened = new EventSource(URL)
  source = opened
  opened.onopen = () => {
    setLive(true)
    // what happened while there was no stream was not told: since the page was made, or since the last one ended
    tell(gap)
  }
  opened.onmessage = (event: MessageEvent<string>) => tell(JSON.parse(event.data) as StatusMessage) // our own handler's message
  opened.onerror = () => {
    setLive(false)
    if (opened.readyState !== EventSource.CLOSED) return // it tries again by itself
    source = undefined
    timer = setTimeout(connect, RETRY_MS)
  }
}

function disconnect(): void {
  clearTimeout(timer)
  source?.close()
  source = undefined
  setLive(false)
}

function followVisibility(): void {
  if (document.hidden) {
    clearTimeout(timer)
    timer = setTimeout(disconnect, HIDDEN_MS)
  } else connect()
}

function tell(message: StatusMessage): void {
  for (const receive of receivers) receive(message)
}

function setLive(next: boolean): void {
  if (isLive === next) return
  isLive = next
  for (const watcher of watchers) watcher()
}

const gap: StatusMessage = { sources: [], schemas: [], runs: [], removedSources: [], staleSources: [], isStale: true }
