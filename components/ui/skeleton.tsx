import type { ComponentProps } from 'react'
import { cn } from './cn'

/** Stands where something comes, in its size. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-[pulse-soft_1.6s_ease-in-out_infinite] rounded-sm bg-accent', className)} {...props} />
}
