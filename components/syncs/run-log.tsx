'use client'

import { useEffect, useRef, useState, type UIEvent } from 'react'
import { Checkbox } from '@/components/ui/checkbox'
import { CopyButton } from '@/components/ui/copy-button'
import { cn } from '@/components/ui/cn'
import type { LogPage, RunLogLine, RunView } from '@/lib/syncs/schema'
import { isActive } from './run-words'
import { useRunLog } from './use-run-log'

const levels: RunLogLine['level'][] = ['debug', 'info', 'warn', 'error']
const levelLabels: Record<RunLogLine['level'], string> = { debug: 'Every line', info: 'Information', warn: 'Warnings', error: 'Errors' }
const levelColors: Record<RunLogLine['level'], string> = { debug: 'text-muted-foreground', info: 'text-running', warn: 'text-waiting', error: 'text-broken' }
/** Nearer to the end than this counts as at the end. */
const END_PX = 24

/** The log of a run: filter by level, follow what comes, copy what is shown. */
export function RunLog({ run, first }: { run: RunView; first: LogPage }) {
  const { lines, isBehind } = useRunLog(run.id, first, isActive(run))
  const [level, setLevel] = useState<RunLogLine['level']>('info')
  const [isFollowing, setFollowing] = useState(isActive(run))
  const box = useRef<HTMLDivElement>(null)
  const shown = lines.filter((line) => levels.indexOf(line.level) >= levels.indexOf(level))

  useEffect(() => {
    if (isFollowing && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [isFollowing, shown.length])

  function stopAbove(event: UIEvent<HTMLDivElement>): void {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
    if (isFollowing && scrollHeight - scrollTop - clientHeight > END_PX) setFollowing(false)
  }

  return (
    <section className="mt-8">
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <h3 className="font-semibold">Log</h3>
        <select aria-label="Lowest level" value={level} onChange={(event) => setLevel(levels.find((each) => each === event.target.value) ?? 'debug')} className="h-7 rounded-md border border-input bg-background px-2 text-sm">
          {levels.map((each) => <option key={each} value={each}>{levelLabels[each]}</option>)}
        </select>
        {isActive(run) ? <label className="flex items-center gap-1.5 text-sm"><Checkbox checked={isFollowing} onCheckedChange={(next) => setFollowing(next === true)} />Follow</label> : null}
        <span className="text-sm text-muted-foreground" role="status">{isBehind ? 'The log cannot be reached; trying again' : ''}</span>
        <span className="ml-auto"><CopyButton showLabel label="Copy" value={shown.map((line) => `${line.at} ${line.level.padEnd(5)} ${line.message}`).join('\n')} /></span>
      </div>
      <div ref={box} role="log" aria-label="Log" tabIndex={0} onScroll={stopAbove} className="max-h-96 min-h-24 overflow-auto rounded-md border bg-subtle py-2 font-mono text-xs leading-5">
        {shown.length === 0 ? <p className="px-3 font-sans text-muted-foreground">{lines.length ? 'No line of this level.' : isActive(run) ? 'Nothing has been logged yet.' : 'This run logged nothing.'}</p> : null}
        {shown.map((line) => (
          <div key={line.id} className="flex gap-3 px-3 [contain-intrinsic-size:auto_20px] [content-visibility:auto] hover:bg-muted">
            <time dateTime={line.at} title={`${line.at} (UTC)`} className="shrink-0 text-muted-foreground">{line.at.slice(11, 23)}</time>
            <span className={cn('w-10 shrink-0', levelColors[line.level])}>{line.level}</span>
            <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">{line.message}</span>
          </div>
        ))}
      </div>
    </section>
  )
}
