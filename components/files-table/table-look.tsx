'use client'

import { ChevronRight, CircleCheck, Info } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { CheckSteps } from '@/components/connectors/check-steps'
import { ErrorState } from '@/components/shell/error-state'
import { cn } from '@/components/ui/cn'
import { formatQuantity } from '@/lib/core/format'
import type { FilesSettings } from '@/lib/core/files-settings'
import type { FilesPreview } from '@/lib/sources/files-schema'
import type { CheckStep } from '@/lib/sources/schema'
import { CsvLine } from './csv-line'
import { FoundObjects } from './found-objects'
import { PreviewGrid } from './preview-grid'
import type { TableDraft } from './table-draft'
import { filesKey, type TableCheck } from './use-table-checks'

/** What stands so low is behind the buttons. */
const HIDDEN_BELOW_PX = 160

interface TableLookProps {
  check: TableCheck | undefined
  draft: Pick<TableDraft, 'pattern' | 'settings'>
  /** Is what was found out of date, since something was changed after it? */
  isStale: boolean
  disabled: boolean
  /** Is it shown where it is out of sight? */
  isShown: boolean
  /** The files are then looked at again with these settings. */
  onSettings(settings: FilesSettings): void
}

/** What the check found: its steps, the files, and what is in the first of them. */
export function TableLook({ check, draft, isStale, disabled, isShown, onSettings }: TableLookProps) {
  const place = useInView(check?.isRunning === true, isShown)
  if (!check) return null
  const { steps, isRunning, preview, error, lastGood } = check
  const isFine = preview !== null && steps.every((step) => step.status === 'ok')
  // what ended it is said at a field
  if (!isRunning && !steps.length && !preview && !error) return null
  return (
    <div ref={place} className="scroll-my-24 grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4">
      {isFine ? <PassedSteps steps={steps} /> : <CheckSteps steps={steps} isRunning={isRunning && !preview} runningLabel={steps.length ? 'Looking at the files' : 'Checking'} />}
      {error && !error.fields?.pattern ? <ErrorState error={error} /> : null}
      {preview ? <Found preview={preview} lastGood={lastGood?.of === filesKey(draft) ? lastGood.preview : null} settings={draft.settings} isDim={isRunning || isStale} disabled={disabled} onSettings={onSettings} /> : null}
    </div>
  )
}

/** What a check finds comes below what was filled in: where its place is out of sight when it begins, it is shown, and so is what comes of it. Where it can be seen nothing moves. */
function useInView(isRunning: boolean, isShown: boolean) {
  const place = useRef<HTMLDivElement>(null)
  const isFollowed = useRef(false)
  useEffect(() => {
    const element = place.current
    if (!element || !isShown) return
    if (isRunning) isFollowed.current = element.getBoundingClientRect().top > window.innerHeight - HIDDEN_BELOW_PX
    if (isFollowed.current) element.scrollIntoView({ block: 'nearest' })
    isFollowed.current &&= isRunning
  }, [isRunning, isShown])
  return place
}

function PassedSteps({ steps }: { steps: CheckStep[] }) {
  return (
    <details className="group text-sm">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-sm text-fine">
        <CircleCheck aria-hidden className="size-4" />
        {formatQuantity(steps.length, 'check')} passed
        <ChevronRight aria-hidden className="size-3.5 text-muted-foreground transition-transform group-open:rotate-90" />
      </summary>
      <div className="mt-2"><CheckSteps steps={steps} isRunning={false} /></div>
    </details>
  )
}

interface FoundProps {
  preview: FilesPreview
  lastGood: FilesPreview | null
  settings: FilesSettings
  isDim: boolean
  disabled: boolean
  onSettings(settings: FilesSettings): void
}

function Found({ preview, lastGood, settings, isDim, disabled, onSettings }: FoundProps) {
  const { problem } = preview
  // what is wrong with a chosen type is mended in the head of the column
  const { columns, rows, csv } = problem ? (lastGood ?? preview) : preview
  return (
    <div aria-busy={isDim} className={cn('grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 transition-opacity', isDim && 'opacity-55')}>
      <FoundObjects found={preview} isFolder={settings.format === 'delta'} />
      {problem ? <ErrorState error={problem} /> : null}
      {settings.format === 'csv' && (csv || problem) ? <CsvLine csv={settings.csv} found={problem ? null : csv} disabled={disabled} onChange={(csv) => onSettings({ ...settings, csv })} /> : null}
      {problem && !columns.length && Object.keys(settings.types).length ? <ChosenTypes types={settings.types} disabled={disabled} onReset={() => onSettings({ ...settings, types: {} })} /> : null}
      {preview.notes.length ? (
        <ul aria-label="Notes" className="grid gap-1 text-sm">
          {preview.notes.map((note) => <li key={note} className="flex gap-2"><Info aria-hidden className="mt-0.5 size-3.5 shrink-0 text-waiting" /><span className="min-w-0 [overflow-wrap:anywhere]">{note}</span></li>)}
        </ul>
      ) : null}
      {columns.length ? <PreviewGrid preview={{ columns, rows }} isOld={problem !== null} types={settings.types} disabled={disabled} onType={settings.format === 'delta' ? undefined : (column, type) => onSettings({ ...settings, types: withType(settings.types, column, type) })} /> : null}
    </div>
  )
}

/** Where the file cannot be read there is no head to choose in: what was chosen must be seen, and be taken back, all the same. */
function ChosenTypes({ types, disabled, onReset }: { types: Record<string, string>; disabled: boolean; onReset(): void }) {
  return (
    <p className="text-sm">
      <span className="text-muted-foreground">Chosen types: </span>
      {Object.entries(types).map(([name, type]) => `${name} ${type}`).join(', ')}{' '}
      <button type="button" disabled={disabled} onClick={onReset} className="rounded-sm text-link underline-offset-4 hover:underline">Use the found types</button>
    </p>
  )
}

function withType(types: Record<string, string>, column: string, type: string | null): Record<string, string> {
  const { [column]: _, ...others } = types
  return type === null ? others : { ...others, [column]: type }
}
