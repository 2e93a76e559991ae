'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AsOf, QueryFailure, QueryResult } from '@/lib/sql-editor/schema'
import { failureOf, sqlRequest } from './sql-request'

export interface RunText {
  sql: string
  /** Where `sql` begins in the editor's text. */
  offset: number
}

export type QueryState =
  | { status: 'idle' }
  | { status: 'running'; startedAt: number; sql: string }
  | { status: 'done'; sql: string; asOf: AsOf | null; result: QueryResult; id: number }
  | { status: 'failed'; sql: string; failure: QueryFailure; offset: number }
  | { status: 'cancelled'; sql: string }

export interface QueryRunner {
  state: QueryState
  /** `asOf`: as of when tables are read; null for now. */
  run(text: RunText, asOf: AsOf | null): void
  cancel(): void
}

/** One query at a time: a new one takes the place of the one before, which is cancelled on the server too. */
export function useQueryRun(): QueryRunner {
  const [state, setState] = useState<QueryState>({ status: 'idle' })
  const current = useRef<AbortController | null>(null)
  const runs = useRef(0)
  const client = useQueryClient()

  const run = useCallback(({ sql, offset }: RunText, asOf: AsOf | null) => {
    current.current?.abort()
    const controller = new AbortController()
    current.current = controller
    const id = ++runs.current
    setState({ status: 'running', startedAt: Date.now(), sql })
    sqlRequest<QueryResult>('/api/sql/run', { sql, asOf }, controller.signal)
      .then((result): QueryState => ({ status: 'done', sql, asOf, result, id }))
      .catch((error: unknown): QueryState => (controller.signal.aborted ? { status: 'cancelled', sql } : { status: 'failed', sql, offset, failure: failureOf(error) }))
      .then((next) => {
        // an answer to a query that another one has replaced
        if (runs.current !== id) return
        setState(next)
        void client.invalidateQueries({ queryKey: ['sql-queries'] })
      })
  }, [client])

  const cancel = useCallback(() => current.current?.abort(), [])
  useEffect(() => () => current.current?.abort(), [])
  return { state, run, cancel }
}
