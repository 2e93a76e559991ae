'use client'

import { useRef } from 'react'
import type { RunView } from '@/lib/syncs/schema'

const WINDOW_MS = 5_000

interface Sample {
  at: number
  rows: number
}

/** Rows per second over the last seconds; null before there is something to tell. */
export function useRunRate(run: Pick<RunView, 'id' | 'rowsRead' | 'startedAt' | 'status'> | null): number | null {
  const seen = useRef<{ runId: string | undefined; samples: Sample[] }>({ runId: undefined, samples: [] })
  if (!run || run.status !== 'running' || run.rowsRead === 0) return null
  if (seen.current.runId !== run.id) seen.current = { runId: run.id, samples: [] }
  const { samples } = seen.current
  const now = Date.now()
  if (samples.at(-1)?.rows !== run.rowsRead) samples.push({ at: now, rows: run.rowsRead })
  while (samples.length > 2 && now - samples[0]!.at > WINDOW_MS) samples.shift()
  const first = samples[0]!
  const last = samples.at(-1)!
  if (last.at - first.at >= 400) return ((last.rows - first.rows) / (last.at - first.at)) * 1000
  const sinceStart = run.startedAt ? now - Date.parse(run.startedAt) : 0
  return sinceStart > 500 ? (run.rowsRead / sinceStart) * 1000 : null
}
