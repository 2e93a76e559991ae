'use client'

import { useSyncExternalStore } from 'react'

const TICK_MS = 5_000

let now = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size) return
    clearInterval(timer)
    timer = undefined
  }
}

function read(): number {
  // Without a listener the clock stands still: catch up.
  if (!timer && Date.now() - now > TICK_MS) now = Date.now()
  return now
}

/** The time in milliseconds, renewed every five seconds by one clock for the whole page; null while the server renders and the page wakes up. */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(subscribe, read, () => null)
}
