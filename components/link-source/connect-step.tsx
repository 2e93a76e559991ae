'use client'

import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import { useRef, type FormEvent } from 'react'
import { CheckSteps } from '@/components/connectors/check-steps'
import { ConfigFields } from '@/components/connectors/config-fields'
import { Button, buttonVariants } from '@/components/ui/button'
import type { LinkForm } from '@/lib/sources/link-schema'
import { ErrorState } from '@/components/shell/error-state'
import type { ConnectErrors } from './connect-errors'
import { InstructionsFold, InstructionsPanel } from './instructions-panel'
import type { LinkDraft } from './link-draft'
import type { ChangeDraft } from './link-drafts'
import { NamingFields } from './naming-fields'
import { useConnect } from './use-connect'
import { StepHeading } from './wizard-frame'

interface ConnectStepProps {
  form: LinkForm
  draft: LinkDraft
  change: ChangeDraft
  /** What the server found wrong when the source was linked, by field. */
  linkErrors: ConnectErrors
  onDone(): void
}

/** Where the source is and who reads it; Next checks it line by line before it goes on. */
export function ConnectStep({ form, draft, change, linkErrors, onDone }: ConnectStepProps) {
  const { connector } = form
  const formElement = useRef<HTMLFormElement>(null)
  const connect = useConnect({ form, draft, change, linkErrors, formElement, onDone })

  function submit(event: FormEvent) {
    event.preventDefault()
    void connect.next()
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 xl:grid-cols-[minmax(0,1fr)_312px]">
      <form ref={formElement} onSubmit={submit} noValidate className="min-w-0 max-w-2xl">
        <StepHeading title={`Connect ${connector.label}`}>{connector.description}</StepHeading>
        <InstructionsFold connector={connector} inbound={form.inbound} className="mb-6" />
        <ConfigFields fields={connector.fields} values={draft.values} errors={connect.errors.config} onChange={connect.changeConfig} />
        <NamingFields form={form} draft={draft} errors={connect.errors} onChange={connect.changeNaming} />
        <div className="mt-6 grid gap-3">
          <CheckSteps steps={connect.steps} isRunning={connect.isBusy} runningLabel={connect.isDiscovering ? 'Reading the list of tables' : 'Checking the connection'} />
          {connect.problem ? <ErrorState error={connect.problem} /> : null}
        </div>
        <div className="mt-4 flex items-center justify-between gap-2 border-t border-border pt-4">
          <Link href="/sources/new" className={buttonVariants({ variant: 'outline' })}>Back</Link>
          <div className="flex gap-2">
            {connect.isBusy ? <Button variant="ghost" onClick={connect.cancel}>Cancel</Button> : null}
            <Button type="submit" isBusy={connect.isBusy}>
              Next
              <ArrowRight aria-hidden />
            </Button>
          </div>
        </div>
      </form>
      <InstructionsPanel connector={connector} inbound={form.inbound} />
    </div>
  )
}
