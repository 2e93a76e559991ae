'use client'

import { useEffect, useRef, useState } from 'react'
import type { RunView } from '@/lib/syncs/schema'

const WINDOW_MS = 5_000
/** Two samples nearer than this tell more of the network than of the sync. */
const SPAN_MS = 400

interface Sample {
  at: number
  rows: number
}

/** Rows per second over the last seconds; null before there is something to tell. */
export function useRunRate({ id, rowsRead, startedAt, status }: Pick<RunView, 'id' | 'rowsRead' | 'startedAt' | 'status'>): number | null {
  const samples = useRef<{ runId: string; list: Sample[] }>({ runId: id, list: [] })
  const [rate, setRate] = useState<number | null>(null)
  useEffect(() => {
    if (samples.current.runId !== id) samples.current = { runId: id, list: [] }
    const now = Date.now()
    const list = [...samples.current.list.filter((sample) => now - sample.at < WINDOW_MS), { at: now, rows: rowsRead }]
    samples.current.list = list
    setRate(status === 'running' && rowsRead > 0 ? rateOf(list, startedAt ? now - Date.parse(startedAt) : 0) : null)
  }, [id, rowsRead, startedAt, status])
  return rate
}

function rateOf(samples: Sample[], sinceStartMs: number): number | null {
  const first = samples[0]!
  const last = samples.at(-1)!
  const span = last.at - first.at
  if (span >= SPAN_MS) return ((last.rows - first.rows) / span) * 1000
  return sinceStartMs >= SPAN_MS ? (last.rows / sinceStartMs) * 1000 : null
}
