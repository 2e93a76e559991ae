'use client'

import * as Primitive from 'radix-ui/radio-group'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function RadioGroup({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root className={cn('grid gap-2', className)} {...props} />
}

export function RadioGroupItem({ className, ...props }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item
      className={cn('inline-flex size-4 shrink-0 items-center justify-center rounded-full border border-input bg-background transition-colors disabled:cursor-not-allowed disabled:opacity-50 data-[state=checked]:border-primary data-[state=checked]:bg-primary', className)}
      {...props}
    >
      <Primitive.Indicator className="size-1.5 rounded-full bg-white" />
    </Primitive.Item>
  )
}
