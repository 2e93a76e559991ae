'use client'

import { CircleCheck, CircleX, LoaderCircle, TriangleAlert } from 'lucide-react'
import { LinkedText } from '@/components/ui/linked-text'
import type { CheckStep } from '@/lib/sources/schema'

const looks = {
  ok: { Icon: CircleCheck, color: 'text-fine', word: 'Passed' },
  warning: { Icon: TriangleAlert, color: 'text-waiting', word: 'Warning' },
  failed: { Icon: CircleX, color: 'text-broken', word: 'Failed' },
} as const

interface CheckStepsProps {
  steps: CheckStep[]
  isRunning: boolean
  /** What happens after the last step that is known: "Reading the list of tables". */
  runningLabel?: string
}

/** What a connection check has found so far, a line at a time, read out as it grows. */
export function CheckSteps({ steps, isRunning, runningLabel = 'Checking' }: CheckStepsProps) {
  if (!steps.length && !isRunning) return null
  return (
    <ol aria-label="Connection check" aria-live="polite" aria-relevant="additions" className="flex flex-col gap-2 rounded-md border border-border bg-muted/40 p-3 text-[13px]">
      {steps.map((step) => (
        <CheckLine key={step.id} step={step} />
      ))}
      {isRunning ? (
        <li className="flex items-start gap-2 text-muted-foreground">
          <LoaderCircle className="mt-0.5 size-4 shrink-0 animate-spin motion-reduce:animate-none" aria-hidden />
          {runningLabel}…
        </li>
      ) : null}
    </ol>
  )
}

function CheckLine({ step }: { step: CheckStep }) {
  const { Icon, color, word } = looks[step.status]
  return (
    <li className="flex items-start gap-2" data-status={step.status}>
      <Icon className={`mt-0.5 size-4 shrink-0 ${color}`} aria-hidden />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <span className="sr-only">{word}: </span>
        <span className="font-medium">{step.error?.title ?? step.label}</span>
        {!step.error && step.detail ? <span className="text-muted-foreground"> · {step.detail}</span> : null}
        {step.error?.detail ? <p className="text-muted-foreground">{step.error.detail}</p> : null}
        {step.error?.advice ? <p className="mt-0.5"><LinkedText>{step.error.advice}</LinkedText></p> : null}
      </div>
    </li>
  )
}
