'use client'

import { useEffect, useRef, useState } from 'react'

const WINDOW_MS = 8_000
const TELLING_MS = 1_500

interface Sample {
  at: number
  rows: number
}

/** Rows per second of the whole import over the last seconds; null before there is something to tell. */
export function useTotalRate(rows: number, isActive: boolean): number | null {
  const samples = useRef<Sample[]>([])
  const [rate, setRate] = useState<number | null>(null)
  useEffect(() => {
    samples.current = isActive ? withSample(samples.current, { at: Date.now(), rows }) : []
    setRate(rateOf(samples.current))
  }, [rows, isActive])
  return isActive ? rate : null
}

function withSample(samples: Sample[], sample: Sample): Sample[] {
  const recent = samples.filter((each) => sample.at - each.at <= WINDOW_MS)
  // One from before the window stays where nothing came for a while: the pause counts too.
  return [...(recent.length ? recent : samples.slice(-1)), sample]
}

function rateOf(samples: Sample[]): number | null {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.at - first.at < TELLING_MS || last.rows <= first.rows) return null
  return ((last.rows - first.rows) / (last.at - first.at)) * 1000
}
