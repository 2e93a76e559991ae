'use client'

import * as Primitive from 'radix-ui/popover'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export const Popover = Primitive.Root
export const PopoverTrigger = Primitive.Trigger
export const PopoverAnchor = Primitive.Anchor
export const PopoverClose = Primitive.Close

export function PopoverContent({ className, align = 'start', sideOffset = 4, collisionPadding = 8, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        align={align}
        sideOffset={sideOffset}
        collisionPadding={collisionPadding}
        className={cn('float-motion z-50 w-72 rounded-md border bg-popover p-3 text-popover-foreground shadow-float outline-none', className)}
        {...props}
      />
    </Primitive.Portal>
  )
}
