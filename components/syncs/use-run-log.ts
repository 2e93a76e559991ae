'use client'

import { useEffect, useRef, useState } from 'react'
import type { LogPage, RunLogLine } from '@/lib/syncs/schema'
import { getJson } from './get-json'

const EVERY_MS = 1_000
const RETRY_MS = 5_000

/** The lines of a run's log, growing while it runs, and once more after its end for the last ones. */
export function useRunLog(runId: string, first: LogPage, isRunning: boolean): { lines: RunLogLine[]; isBehind: boolean } {
  const [lines, setLines] = useState(first.lines)
  const [isBehind, setBehind] = useState(false)
  const last = useRef(first.lines.at(-1)?.id ?? '0')
  const hasMore = useRef(first.hasMore)

  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = async () => {
      let wait = EVERY_MS
      try {
        const page = await getJson<LogPage>(`/api/status/runs/${runId}/log?after=${last.current}`, stop.signal)
        const after = last.current
        last.current = page.lines.at(-1)?.id ?? after
        hasMore.current = page.hasMore
        if (page.lines.length) setLines((known) => [...known, ...page.lines])
        setBehind(false)
        if (page.hasMore) wait = 0
        else if (!isRunning) return
      } catch {
        if (stop.signal.aborted) return
        setBehind(true) // the server may be restarting
        wait = RETRY_MS
      }
      timer = setTimeout(() => void load(), wait)
    }
    void load()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [runId, isRunning])

  return { lines, isBehind }
}
