import type { ComponentProps } from 'react'
import { cn } from './cn'

const tones = { running: 'bg-running', fine: 'bg-fine', waiting: 'bg-waiting', broken: 'bg-broken', paused: 'bg-paused', primary: 'bg-primary' }

export interface ProgressProps extends Omit<ComponentProps<'div'>, 'children'> {
  /** 0 to 1; null while the whole is not known. */
  value: number | null
  /** What progresses, for those who do not see the bar. */
  label: string
  tone?: keyof typeof tones
}

export function Progress({ value, label, tone = 'running', className, ...props }: ProgressProps) {
  const percent = value === null ? undefined : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === undefined ? undefined : Math.floor(percent)}
      className={cn('relative h-1 w-full overflow-hidden rounded-full bg-accent', className)}
      {...props}
    >
      {percent === undefined ? (
        <div className={cn('absolute inset-y-0 left-0 w-1/3 animate-[indeterminate_1.4s_linear_infinite] rounded-full', tones[tone])} />
      ) : (
        <div className={cn('h-full w-full origin-left rounded-full transition-transform', tones[tone])} style={{ transform: `scaleX(${percent / 100})` }} />
      )}
    </div>
  )
}
