'use client'

import { useRef } from 'react'

const WINDOW_MS = 8_000
const TELLING_MS = 1_500

/** Rows per second of the whole import over the last seconds; null before there is something to tell. */
export function useTotalRate(rows: number, isActive: boolean): number | null {
  const samples = useRef<{ at: number; rows: number }[]>([])
  if (!isActive) {
    samples.current = []
    return null
  }
  const now = Date.now()
  const seen = samples.current
  if (seen.at(-1)?.rows !== rows) seen.push({ at: now, rows })
  while (seen.length > 2 && now - (seen[0]?.at ?? now) > WINDOW_MS) seen.shift()
  const first = seen[0]
  const last = seen.at(-1)
  if (!first || !last || last.at - first.at < TELLING_MS || last.rows <= first.rows) return null
  return ((last.rows - first.rows) / (last.at - first.at)) * 1000
}
