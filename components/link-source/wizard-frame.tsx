'use client'

import { Check } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

export type StepId = 'choose' | 'connect' | 'tables' | 'import'

const allSteps: { id: StepId; label: string; words: string }[] = [
  { id: 'choose', label: 'Choose', words: 'What to link' },
  { id: 'connect', label: 'Connect', words: 'Where, and as whom' },
  { id: 'tables', label: 'Tables', words: 'Which, and how' },
  { id: 'import', label: 'Import', words: 'The first sync' },
]

interface WizardFrameProps {
  current: StepId
  /** Steps that can be gone to from here. */
  reachable: StepId[]
  onGo(step: StepId): void
  /** Are the tables a step of their own? */
  hasTables?: boolean
  /** The last step is done as well. */
  isFinished?: boolean
  children: ReactNode
}

/** The steps on the left (on top on a narrow screen) and the step's own content beside them. */
export function WizardFrame({ current, reachable, onGo, hasTables = true, isFinished = false, children }: WizardFrameProps) {
  const steps = hasTables ? allSteps : allSteps.filter((step) => step.id !== 'tables')
  const at = steps.findIndex((step) => step.id === current)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 lg:grid-cols-[168px_minmax(0,1fr)] lg:gap-8">
      <nav aria-label="Steps" className="min-w-0 lg:sticky lg:top-[calc(var(--header-height)+24px)] lg:self-start">
        <ol className="flex justify-between gap-1 lg:flex-col lg:gap-0.5">
          {steps.map((step, index) => (
            <li key={step.id} className="min-w-0 shrink-0">
              <StepItem {...step} number={index + 1} isCurrent={step.id === current} isDone={index < at || isFinished} isReachable={reachable.includes(step.id)} onGo={onGo} />
            </li>
          ))}
        </ol>
      </nav>
      <div className="min-w-0">{children}</div>
    </div>
  )
}

interface StepItemProps {
  id: StepId
  label: string
  words: string
  number: number
  isCurrent: boolean
  isDone: boolean
  isReachable: boolean
  onGo(step: StepId): void
}

function StepItem({ id, label, words, number, isCurrent, isDone, isReachable, onGo }: StepItemProps) {
  const classes = cn('flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left', isCurrent ? 'bg-muted' : isReachable ? 'hover:bg-muted' : 'text-muted-foreground')
  const content = (
    <>
      <span
        aria-hidden
        className={cn('flex size-5 shrink-0 items-center justify-center rounded-full border text-xs font-medium tabular', isDone ? 'border-fine text-fine' : isCurrent && 'border-primary bg-primary text-primary-foreground')}
      >
        {isDone ? <Check className="size-3" strokeWidth={3} /> : number}
      </span>
      <span className="min-w-0">
        <span className={cn('block truncate text-base', isCurrent ? 'font-medium' : 'max-sm:sr-only')}>{label}</span>
        <span className="hidden truncate text-xs text-muted-foreground lg:block">{words}</span>
      </span>
      {isDone ? <span className="sr-only">, done</span> : null}
    </>
  )
  if (isCurrent) return <span aria-current="step" className={classes}>{content}</span>
  if (!isReachable) return <span className={classes}>{content}</span>
  if (id === 'choose') return <Link href="/sources/new" className={classes}>{content}</Link>
  return <button type="button" className={classes} onClick={() => onGo(id)}>{content}</button>
}

/** The heading of a step; takes the focus when its step opens, so that a reader hears where it is. */
export function StepHeading({ title, className, children }: { title: string; className?: string; children?: ReactNode }) {
  return (
    <header className={cn('mb-5 grid min-w-0 gap-1', className)}>
      <h2 tabIndex={-1} data-step-heading className="text-lg font-semibold outline-none">{title}</h2>
      {children ? <p className="max-w-prose text-base text-muted-foreground">{children}</p> : null}
    </header>
  )
}
