'use client'

import { useCallback, useEffect, useRef } from 'react'

const WRITE_AFTER_MS = 400

/** What was last written in the editor, kept in this browser: leaving the page loses nothing. */
export function useSqlDraft(workspaceId: string): { read(): string; write(text: string): void } {
  const key = `tributary.sql.${workspaceId}`
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const pending = useRef<string | null>(null)
  const flush = useCallback(() => {
    if (pending.current === null) return
    try {
      localStorage.setItem(key, pending.current)
    } catch {
      // a full or forbidden store: the draft is a courtesy
    }
    pending.current = null
  }, [key])
  useEffect(() => () => {
    clearTimeout(timer.current)
    flush()
  }, [flush])
  return {
    read: useCallback(() => {
      try {
        return localStorage.getItem(key) ?? ''
      } catch {
        return ''
      }
    }, [key]),
    write: useCallback((text) => {
      pending.current = text
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, WRITE_AFTER_MS)
    }, [flush]),
  }
}
