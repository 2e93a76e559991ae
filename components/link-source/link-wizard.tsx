'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import type { ErrorView } from '@/lib/core/errors'
import { linkSourceAction } from '@/lib/sources/link-actions'
import type { LinkForm } from '@/lib/sources/link-schema'
import { hasError, linkErrors, noErrors, type ConnectErrors } from './connect-errors'
import { ConnectStep } from './connect-step'
import { importHref } from './import-href'
import { toLinkInput } from './link-draft'
import { useLinkDraft } from './link-drafts'
import { TablesStep } from './tables-step'
import { WizardFrame, type StepId } from './wizard-frame'

/** Connect, then Tables. The step is in the address, so that the browser's Back goes a step back; what was typed is not. */
export function LinkWizard({ form }: { form: LinkForm }) {
  const { draft, change } = useLinkDraft(form)
  const wanted = useSearchParams().get('step')
  const step: StepId = wanted === 'tables' && draft.found ? 'tables' : 'connect'
  const linking = useLinkSource(form)
  useFocusOnStep(step)

  function go(next: StepId) {
    const url = next === 'tables' ? '?step=tables' : window.location.pathname
    window.history.pushState(null, '', url)
  }

  async function link() {
    const outcome = await linking.link(() => toLinkInput(form, draft))
    if (outcome === 'fields') go('connect')
  }

  return (
    <WizardFrame current={step} reachable={['choose', 'connect', ...(draft.found ? (['tables'] as const) : [])]} onGo={go}>
      {step === 'connect' ? (
        <ConnectStep form={form} draft={draft} change={change} linkErrors={linking.fieldErrors} onDone={() => go('tables')} />
      ) : (
        <TablesStep form={form} draft={draft} change={change} onBack={() => go('connect')} onImport={() => void link()} isBusy={linking.isBusy} error={linking.error} />
      )}
    </WizardFrame>
  )
}

type Outcome = 'linked' | 'fields' | 'failed' | 'busy'

/** Links once, however often it is asked to: a second press while the first is on its way does nothing. */
function useLinkSource(form: LinkForm) {
  const router = useRouter()
  const isUnderWay = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorView | null>(null)
  const [fieldErrors, setFieldErrors] = useState<ConnectErrors>(noErrors)

  async function link(input: () => ReturnType<typeof toLinkInput>): Promise<Outcome> {
    if (isUnderWay.current) return 'busy'
    isUnderWay.current = true
    setBusy(true)
    setError(null)
    setFieldErrors(noErrors)
    const result = await linkSourceAction(input()).catch(() => ({ ok: false as const, error: lost, fields: undefined }))
    if (result.ok) {
      // Stays busy: the next thing to be seen is the import.
      router.replace(importHref(form.connector.id, result.value.sourceId))
      return 'linked'
    }
    isUnderWay.current = false
    setBusy(false)
    const found = linkErrors({ ...result.error.fields, ...result.fields }, form.connector.fields)
    if (hasError(found)) {
      setFieldErrors(found)
      return 'fields'
    }
    setError(result.error)
    return 'failed'
  }

  return { link, isBusy, error, fieldErrors }
}

const lost: ErrorView = {
  code: 'unreachable',
  title: 'Tributary cannot be reached',
  detail: 'The connection to this server was lost, so it is not known whether the source was linked',
  advice: 'Look at the list of sources before you try again',
  isRetryable: true,
}

/** Opening a step moves the focus to its heading; the first step of a visit leaves the focus alone. */
function useFocusOnStep(step: StepId) {
  const last = useRef(step)
  useEffect(() => {
    if (last.current === step) return
    last.current = step
    window.scrollTo({ top: 0 })
    if (document.activeElement?.getAttribute('aria-invalid') === 'true') return
    document.querySelector<HTMLElement>('[data-step-heading]')?.focus({ preventScroll: true })
  }, [step])
}
