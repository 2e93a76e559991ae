import type { ComponentProps } from 'react'
import { cn } from './cn'

/** What every field to fill in shares. */
export const fieldClasses =
  'w-full min-w-0 rounded-md border border-input bg-background text-base text-foreground transition-colors placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-broken focus-visible:border-ring focus-visible:outline-1 focus-visible:outline-offset-0'

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return (
    <input
      type={type}
      className={cn(fieldClasses, 'h-8 px-2.5 file:mr-3 file:border-0 file:bg-transparent file:text-sm file:font-medium', className)}
      {...props}
    />
  )
}
