'use client'

import dynamic from 'next/dynamic'
import { useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { Spinner } from '@/components/ui/spinner'
import type { LinkForm } from '@/lib/sources/link-schema'
import { ConnectStep } from './connect-step'
import { toLinkInput } from './link-draft'
import { useLinkDraft } from './link-drafts'
import { TablesStep } from './tables-step'
import { useLinkSource } from './use-link-source'
import { WizardFrame, type StepId } from './wizard-frame'

/** Databases have no use for it. */
const FilesStep = dynamic(() => import('./files-step').then((module) => module.FilesStep), { loading: Loading })
const UploadStep = dynamic(() => import('./upload-step').then((module) => module.UploadStep), { loading: Loading })

function Loading() {
  return <div className="flex min-h-96 justify-center pt-16"><Spinner label="Loading the form" /></div>
}

/** The steps of one connector. Where people make the tables from files, the connection and the tables are one form: they are checked together. */
export function LinkWizard({ form }: { form: LinkForm }) {
  const { files } = form.connector
  if (!files) return <TablesWizard form={form} />
  const Step = files.byHand ? UploadStep : FilesStep
  return (
    <WizardFrame current="connect" reachable={['choose', 'connect']} hasTables={false} onGo={() => undefined}>
      <Step form={form} files={files} />
    </WizardFrame>
  )
}

/** Connect, then Tables. The step is in the address, so that the browser's Back goes a step back; what was typed is not. */
function TablesWizard({ form }: { form: LinkForm }) {
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
