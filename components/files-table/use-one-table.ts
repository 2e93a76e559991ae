'use client'

import { useEffect, useRef, useState } from 'react'
import { failureOf } from '@/components/connectors/read-lines'
import type { ErrorView } from '@/lib/core/errors'
import type { SourceView } from '@/lib/sources/schema'
import type { ActionResult } from '@/lib/workspace/schema'
import { hasTableError, tableErrors, type TableDraft, type TableErrors } from './table-draft'
import { checkKey, isPassed, useTableChecks, type CheckedSource } from './use-table-checks'

interface OneTable {
  source: Pick<SourceView, 'id' | 'connector'>
  first: TableDraft
  /** The names of the source's other tables. */
  otherNames: string[]
  /** Look at the files as soon as the form opens. */
  isLookedAt?: boolean
  /** May it be saved without a look, as it stands? */
  needsNoCheck?(draft: TableDraft): boolean
}

/** The form of one table of a linked source: check it, then save it. */
export function useOneTable({ source: { id, connector }, first, otherNames, isLookedAt = false, needsNoCheck = () => false }: OneTable) {
  const [draft, setDraft] = useState(first)
  const [errors, setErrors] = useState<TableErrors>({})
  const [error, setError] = useState<ErrorView | null>(null)
  const [isSaving, setSaving] = useState(false)
  /** Did people ask for a check? The first look, that comes by itself, moves nothing. */
  const [isAsked, setAsked] = useState(!isLookedAt)
  const { checks, run, cancel } = useTableChecks()
  // what is saved of the source stands in for all of its config
  const source: CheckedSource = { connector, config: {}, sourceId: id }
  const check = checks[draft.key]
  const key = checkKey(source, draft)
  const isReady = isPassed(check, key) || needsNoCheck(draft)

  const begin = useRef(() => void (isLookedAt && run(source, first)))
  useEffect(() => begin.current(), [])

  function edit(next: TableDraft) {
    setErrors((before) => ({ name: next.name === draft.name ? before.name : undefined, pattern: next.pattern === draft.pattern ? before.pattern : undefined }))
    setError(null)
    setDraft(next)
  }

  async function look(table: TableDraft): Promise<void> {
    const outcome = await run(source, table)
    const fields = (outcome?.error ?? outcome?.steps.find((step) => step.status === 'failed')?.error)?.fields
    if (fields?.pattern || fields?.name) setErrors({ pattern: fields.pattern, name: fields.name })
  }

  /** Checks first what was not checked; saves what was. True when it is saved. */
  async function submit(save: (draft: TableDraft) => Promise<ActionResult<unknown>>): Promise<boolean> {
    if (check?.isRunning || isSaving) return false
    const found = tableErrors(draft, otherNames)
    setErrors(found)
    setError(null)
    if (hasTableError(found)) return false
    if (!isReady) {
      setAsked(true)
      await look(draft)
      return false
    }
    setSaving(true)
    try {
      const result = await save(draft)
      if (result.ok) return true
      const fields = { ...result.error.fields, ...result.fields }
      const atFields = { name: fields['tables.0.name'] ?? fields['table.name'], pattern: fields['tables.0.pattern'] ?? fields['table.pattern'] ?? fields.pattern }
      if (hasTableError(atFields)) setErrors(atFields)
      else setError(result.error)
    } catch (cause) {
      setError(failureOf(cause))
    } finally {
      setSaving(false)
    }
    return false
  }

  return { draft, edit, errors, error, check, isStale: check !== undefined && !check.isRunning && check.checkedKey !== key, isReady, isChecking: check?.isRunning === true, isSaving, isAsked, look, submit, cancel: () => cancel(draft.key) }
}
