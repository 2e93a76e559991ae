'use client'

import { useEffect, useRef, useState } from 'react'
import { fieldErrors, toConfigInput, type ConfigValues } from '@/components/connectors/config-values'
import { hasTableError, newTableDraft, tableErrors, type TableDraft, type TableErrors } from '@/components/files-table/table-draft'
import { checkKey, isPassed, useTableChecks, type CheckedSource, type TableCheck } from '@/components/files-table/use-table-checks'
import type { LinkForm } from '@/lib/sources/link-schema'
import { errorsAt, hasError, noErrors, type ConnectErrors } from './connect-errors'
import { nameError, prefixError, type LinkDraft } from './link-draft'
import type { ChangeDraft } from './link-drafts'

/** A form of files: what stands in it, what was checked of it, and what is wrong with it. */
export function useFilesForm(form: LinkForm, draft: LinkDraft, change: ChangeDraft) {
  const { fields, id: connector } = form.connector
  const { checks, run, cancel } = useTableChecks()
  const [errors, setErrors] = useState<ConnectErrors>(noErrors)
  const [openKey, setOpenKey] = useState<string | undefined>(draft.tables.at(-1)?.key)
  const refusals = useRefusals()
  const source: CheckedSource = { connector, config: toConfigInput(fields, draft.values) }
  const passed = (table: TableDraft) => isPassed(checks[table.key], checkKey(source, table))
  /** Is what was found still about what stands there? */
  const isFresh = (table: TableDraft) => checks[table.key]?.checkedKey === checkKey(source, table)
  /** What was found of a table; what is said at a field of the form is not said twice. */
  const checkOf = ({ key }: TableDraft): TableCheck | undefined => {
    const check = checks[key]
    const isPlaced = fields.some(({ name }) => check?.error?.fields?.[name])
    return check && isPlaced ? { ...check, error: null } : check
  }
  const isBusy = draft.tables.some((table) => checks[table.key]?.isRunning)

  function refuse(found: ConnectErrors) {
    setErrors(found)
    const place = draft.tables.findIndex((_, at) => found.tables?.[at] && hasTableError(found.tables[at]))
    if (place >= 0) setOpenKey(draft.tables[place]?.key)
    refusals.note()
  }

  /** Check what was not checked as it stands now. True when every table may be linked. */
  async function check(): Promise<boolean> {
    const found = { config: fieldErrors(fields, draft.values), name: nameError(form, draft.name), prefix: prefixError(form, draft.prefix), tables: allTableErrors(draft.tables) }
    if (hasError(found)) return refuse(found), false
    setErrors(noErrors)
    if (draft.tables.every(passed)) return true
    for (const [place, table] of draft.tables.entries()) {
      if (passed(table)) continue
      if (draft.tables.length > 1) setOpenKey(table.key)
      const outcome = await run(source, table)
      if (!outcome) return false
      if (!isPassed(outcome, outcome.checkedKey)) return refuse(errorsOf(outcome, place)), false
    }
    return false
  }

  function errorsOf({ error, steps }: TableCheck, place: number): ConnectErrors {
    const failure = error ?? steps.find((step) => step.status === 'failed')?.error
    if (!failure) return noErrors
    const { pattern, name } = failure.fields ?? {}
    return { config: errorsAt(failure, fields, draft.values), ...((pattern || name) && { tables: { [place]: { pattern, name } } }) }
  }

  function changeConfig(changes: ConfigValues) {
    cancel()
    setErrors((before) => ({ ...before, config: Object.fromEntries(Object.entries(before.config).filter(([name]) => !(name in changes))) }))
    change((current) => ({ ...current, values: { ...current.values, ...changes } }))
  }

  function changeTable(table: TableDraft) {
    const place = draft.tables.findIndex((each) => each.key === table.key)
    if (errors.tables?.[place]) setErrors((before) => ({ ...before, tables: { ...before.tables, [place]: keptErrors(draft.tables[place], table, before.tables?.[place]) } }))
    change((current) => ({ ...current, tables: current.tables.map((each) => (each.key === table.key ? table : each)) }))
  }

  function addTable() {
    const table = newTableDraft()
    setErrors(noErrors)
    setOpenKey(table.key)
    change((current) => ({ ...current, tables: [...current.tables, table] }))
  }

  function removeTable(key: string) {
    cancel(key)
    setErrors(noErrors)
    const rest = draft.tables.filter((table) => table.key !== key)
    if (openKey === key) setOpenKey(rest.at(-1)?.key)
    change((current) => ({ ...current, tables: rest }))
  }

  return { checks, checkOf, errors, isBusy, openKey, setOpenKey, passed, isFresh, check, cancel, refuse, changeConfig, changeTable, addTable, removeTable, checkTable: (table: TableDraft) => void run(source, table), formElement: refusals.formElement, setErrors }
}

function allTableErrors(tables: TableDraft[]): Record<number, TableErrors> {
  return Object.fromEntries(tables.map((table, place) => [place, tableErrors(table, tables.slice(0, place).map(({ name }) => name.trim().toLowerCase()))]))
}

/** What was said against a field stays until it is changed. */
function keptErrors(before: TableDraft | undefined, now: TableDraft, errors: TableErrors = {}): TableErrors {
  return { name: before?.name === now.name ? errors.name : undefined, pattern: before?.pattern === now.pattern ? errors.pattern : undefined }
}

/** After each attempt that failed the first field that is wrong takes the focus, else the button that was pressed. */
function useRefusals() {
  const formElement = useRef<HTMLFormElement>(null)
  const [count, setCount] = useState(0)
  useEffect(() => {
    if (!count) return
    const form = formElement.current
    const target = form?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? form?.querySelector<HTMLElement>('button[type="submit"]')
    target?.focus()
  }, [count])
  return { formElement, note: () => setCount((before) => before + 1) }
}
