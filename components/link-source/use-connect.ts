'use client'

import { useEffect, useRef, useState, type RefObject } from 'react'
import { fieldErrors, toConfigInput, type ConfigValues } from '@/components/connectors/config-values'
import { failureOf, postJson } from '@/components/connectors/read-lines'
import { useConfigCheck } from '@/components/connectors/use-config-check'
import type { ErrorView } from '@/lib/core/errors'
import type { LinkForm } from '@/lib/sources/link-schema'
import type { DiscoveredSource } from '@/lib/sources/schema'
import { errorsAt, hasError, type ConnectErrors } from './connect-errors'
import { nameError, namingErrors, prefixError, withFound, type LinkDraft, type NamingChanges } from './link-draft'
import type { ChangeDraft } from './link-drafts'

interface ConnectOptions {
  form: LinkForm
  draft: LinkDraft
  change: ChangeDraft
  linkErrors: ConnectErrors
  formElement: RefObject<HTMLFormElement | null>
  onDone(): void
}

/** What Next does: look at the fields, check the connection, read the list of tables, go on. */
export function useConnect({ form, draft, change, linkErrors, formElement, onDone }: ConnectOptions) {
  const [errors, setErrors] = useState<ConnectErrors>(linkErrors)
  const [problem, setProblem] = useState<ErrorView | null>(null)
  const [isDiscovering, setDiscovering] = useState(false)
  /** Attempts that failed; errors that came back from linking are one. */
  const [attempts, setAttempts] = useState(hasError(linkErrors) ? 1 : 0)
  const discovery = useRef<AbortController>(null)
  const check = useConfigCheck()
  const { fields, id: connectorId } = form.connector

  useEffect(() => () => discovery.current?.abort(), [])
  useFocusAfter(attempts, formElement)

  function cancel() {
    check.cancel()
    discovery.current?.abort()
    setDiscovering(false)
  }

  async function next(): Promise<void> {
    if (check.isRunning || isDiscovering) return
    setProblem(null)
    const found = { config: fieldErrors(fields, draft.values), name: nameError(form, draft.name), prefix: prefixError(form, draft.prefix) }
    if (hasError(found)) return refuse(found)
    setErrors(found)
    const config = toConfigInput(fields, draft.values)
    // What could not be read may have been permitted meanwhile.
    const isKnown = draft.found?.config === JSON.stringify(config) && !draft.found.source.schemas.some((schema) => schema.problem)
    if (isKnown) return onDone()
    const outcome = await check.run({ connector: connectorId, config })
    if (outcome.isOk) return discover(JSON.stringify(config))
    if (outcome.error) return fail(outcome.error)
    const failed = outcome.steps.find((step) => step.status === 'failed')?.error
    if (failed) refuse({ config: errorsAt(failed, fields, draft.values) })
  }

  function refuse(found: ConnectErrors) {
    setErrors(found)
    setAttempts((count) => count + 1)
  }

  async function discover(config: string): Promise<void> {
    const controller = new AbortController()
    discovery.current = controller
    setDiscovering(true)
    try {
      const source = await postJson<DiscoveredSource>('/api/link/discover', { connector: connectorId, config: JSON.parse(config) }, controller.signal)
      if (controller.signal.aborted) return
      change((current) => withFound(current, source, config))
      onDone()
    } catch (cause) {
      if (!controller.signal.aborted) fail(failureOf(cause))
    } finally {
      if (discovery.current === controller) setDiscovering(false)
    }
  }

  /** A failure that belongs to fields of this form stands there, any other above the buttons. */
  function fail(error: ErrorView) {
    const config = errorsAt(error, fields, draft.values)
    refuse({ config })
    if (!error.fields || !Object.keys(config).length) setProblem(error)
  }

  function changeConfig(changes: ConfigValues) {
    cancel()
    setProblem(null)
    setErrors((current) => ({ ...current, config: Object.fromEntries(Object.entries(current.config).filter(([name]) => !(name in changes))) }))
    change((current) => ({ ...current, values: { ...current.values, ...changes } }))
  }

  function changeNaming(changes: NamingChanges) {
    setErrors((current) => ({ ...current, ...namingErrors(form, changes) }))
    change(changes)
  }

  return { errors, problem, steps: check.steps, isBusy: check.isRunning || isDiscovering, isDiscovering, next, cancel, changeConfig, changeNaming }
}

/** After each attempt the first field that is wrong takes the focus, else the button that was pressed. */
function useFocusAfter(attempts: number, formElement: RefObject<HTMLFormElement | null>) {
  useEffect(() => {
    if (!attempts) return
    const target = formElement.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? formElement.current?.querySelector<HTMLElement>('button[type="submit"]')
    target?.focus()
  }, [attempts, formElement])
}
