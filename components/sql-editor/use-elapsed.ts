'use client'

import { useEffect, useState } from 'react'

const TICK_MS = 100

/** Milliseconds since the given time, ten times a second; null without one. */
export function useElapsed(startedAt: number | null): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (startedAt === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [startedAt])
  return startedAt === null ? null : Math.max(0, now - startedAt)
}
