'use client'

import * as Primitive from 'radix-ui/switch'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function Switch({ className, size = 'default', ...props }: ComponentProps<typeof Primitive.Root> & { size?: 'sm' | 'default' }) {
  return (
    <Primitive.Root
      className={cn(
        'group inline-flex shrink-0 items-center rounded-full border border-transparent bg-input p-px transition-colors disabled:cursor-not-allowed disabled:opacity-50 data-[state=checked]:bg-primary',
        size === 'sm' ? 'h-4 w-7' : 'h-5 w-9',
        className,
      )}
      {...props}
    >
      <Primitive.Thumb
        className={cn('pointer-events-none block rounded-full bg-white shadow-sm transition-transform', size === 'sm' ? 'size-3 data-[state=checked]:translate-x-3' : 'size-4 data-[state=checked]:translate-x-4')}
      />
    </Primitive.Root>
  )
}
