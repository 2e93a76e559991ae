'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import type { ErrorView } from '@/lib/core/errors'
import type { CheckStep, ConfigInput } from '@/lib/sources/schema'
import { failureOf, readLines } from './read-lines'

export interface CheckRequest {
  connector: string
  config: ConfigInput
  /** An existing source: its stored secrets stand in for those left blank. */
  sourceId?: string
}

export interface CheckOutcome {
  /** Every step passed, warnings included. */
  isOk: boolean
  steps: CheckStep[]
  /** Why the check could not be made at all; null also when it was cancelled. */
  error: ErrorView | null
}

/** Run a connection check and follow it line by line. A new one, `cancel` and leaving the page end the one under way. */
export function useConfigCheck() {
  const [steps, setSteps] = useState<CheckStep[]>([])
  const [isRunning, setRunning] = useState(false)
  /** Why the check could not be made at all; a step that failed is in `steps`. */
  const [error, setError] = useState<ErrorView | null>(null)
  const current = useRef<AbortController>(null)

  const cancel = useCallback(() => {
    current.current?.abort()
    current.current = null
    setRunning(false)
  }, [])
  useEffect(() => () => current.current?.abort(), [])

  const run = useCallback(async (request: CheckRequest): Promise<CheckOutcome> => {
    current.current?.abort()
    const controller = new AbortController()
    current.current = controller
    setSteps([])
    setError(null)
    setRunning(true)
    const found: CheckStep[] = []
    try {
      for await (const line of readLines<CheckStep>('/api/link/check', request, controller.signal)) {
        found.push(line)
        setSteps([...found])
      }
      return { isOk: found.length > 0 && found.every((step) => step.status !== 'failed'), steps: found, error: null }
    } catch (cause) {
      if (controller.signal.aborted) return { isOk: false, steps: found, error: null }
      const failure = failureOf(cause)
      setError(failure)
      return { isOk: false, steps: found, error: failure }
    } finally {
      if (current.current === controller) setRunning(false)
    }
  }, [])

  const reset = useCallback(() => {
    cancel()
    setSteps([])
    setError(null)
  }, [cancel])

  return { steps, isRunning, error, run, cancel, reset }
}
