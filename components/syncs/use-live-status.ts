'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { joinStream, readLive, watchLive } from './live-connection'
import { applyStatus } from './status-keys'

const ACTIVE_POLL_MS = 5_000
const IDLE_POLL_MS = 30_000

/** Keep the status in the query cache as it is on the server. Once for a page; `usePolling` tells its queries what to do without the stream. */
export function useLiveStatus(): void {
  const client = useQueryClient()
  useEffect(() => joinStream((message) => applyStatus(client, message)), [client])
}

/** How often a status query loads again: not at all while the stream tells, else by whether something is under way. */
export function usePolling(isActive: boolean): number | false {
  const isLive = useSyncExternalStore(watchLive, readLive, () => true)
  if (isLive) return false
  return isActive ? ACTIVE_POLL_MS : IDLE_POLL_MS
}
