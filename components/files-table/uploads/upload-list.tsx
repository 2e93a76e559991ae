'use client'

import { CircleAlert, CircleCheck, RotateCw, Trash2, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Progress } from '@/components/ui/progress'
import { Spinner } from '@/components/ui/spinner'
import { formatBytes, formatDuration, formatPercent, formatQuantity } from '@/lib/core/format'
import { formatLabels } from '../format-labels'
import { isUnderWay, type UploadItem } from './upload-item'

interface UploadListProps {
  items: UploadItem[]
  disabled?: boolean
  onRemove(item: UploadItem): void
  onRetry(item: UploadItem): void
}

/** Every file with how far it is, how fast, and what went wrong with it. */
export function UploadList({ items, disabled = false, onRemove, onRetry }: UploadListProps) {
  const done = items.filter(({ state }) => state === 'done').length
  if (!items.length) return null
  return (
    <>
      <p role="status" className="sr-only">{done} of {formatQuantity(items.length, 'file')} uploaded</p>
      <ul aria-label="Files" className="divide-y divide-border rounded-md border border-border">
        {items.map((item) => <Row key={item.key} item={item} disabled={disabled} onRemove={onRemove} onRetry={onRetry} />)}
      </ul>
    </>
  )
}

function Row({ item, disabled, onRemove, onRetry }: { item: UploadItem } & Required<Omit<UploadListProps, 'items'>>) {
  const { name, state, error } = item
  return (
    <li data-upload={state} className="flex min-w-0 items-start gap-2.5 py-2 pr-1.5 pl-3">
      <span className="mt-0.5 shrink-0"><Mark state={state} /></span>
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-baseline gap-3">
          <span className="min-w-0 flex-1 truncate" title={name}>{name}</span>
          <span className="shrink-0 text-xs text-muted-foreground tabular">{stateWords(item)}</span>
        </div>
        {isUnderWay(item) ? <Progress className="mt-1.5 mb-0.5" value={state === 'finishing' ? null : item.sent / Math.max(1, item.bytes)} label={`Upload of ${name}`} /> : null}
        {error ? (
          <div role="alert" className="mt-0.5 text-sm [overflow-wrap:anywhere]">
            <p className="text-broken">{error.title}</p>
            <p className="text-muted-foreground">{[error.detail, error.advice].filter(Boolean).join('. ')}</p>
          </div>
        ) : null}
      </div>
      {error?.isRetryable ? <Button variant="ghost" size="icon-sm" className="-my-1" disabled={disabled} aria-label={`Try ${name} again`} title="Try again" onClick={() => onRetry(item)}><RotateCw aria-hidden /></Button> : null}
      {isUnderWay(item)
        ? <Button variant="ghost" size="icon-sm" className="-my-1" aria-label={`Cancel ${name}`} title="Cancel" onClick={() => onRemove(item)}><X aria-hidden /></Button>
        : <Button variant="ghost" size="icon-sm" className="-my-1 text-muted-foreground" disabled={disabled} aria-label={`Remove ${name}`} title="Remove" onClick={() => onRemove(item)}><Trash2 aria-hidden /></Button>}
    </li>
  )
}

function Mark({ state }: Pick<UploadItem, 'state'>) {
  if (state === 'done') return <CircleCheck aria-label="Uploaded" role="img" className="size-4 text-fine" />
  if (state === 'failed') return <CircleAlert aria-label="Failed" role="img" className="size-4 text-broken" />
  return <Spinner label={state === 'waiting' ? 'Waiting' : 'Uploading'} className="size-4" />
}

/** "34 % of 340 MB · 23 MB/s · 9 s left". */
function stateWords({ state, sent, bytes, rate, file }: UploadItem): string {
  if (state === 'waiting') return `${formatBytes(bytes)} · waiting`
  if (state === 'finishing') return `${formatBytes(bytes)} · finishing`
  if (state === 'failed') return formatBytes(bytes)
  if (file) return `${formatLabels[file.format]} · ${formatBytes(file.bytes)}`
  const pace = rate ? ` · ${formatBytes(rate)}/s · ${formatDuration(Math.ceil((bytes - sent) / rate) * 1000)} left` : ''
  return `${formatPercent(sent / Math.max(1, bytes))} of ${formatBytes(bytes)}${pace}`
}
