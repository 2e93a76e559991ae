'use client'

import * as Primitive from 'radix-ui/tooltip'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export const TooltipProvider = Primitive.Provider
export const Tooltip = Primitive.Root
export const TooltipTrigger = Primitive.Trigger

export function TooltipContent({ className, sideOffset = 6, collisionPadding = 8, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={sideOffset}
        collisionPadding={collisionPadding}
        className={cn('float-motion z-50 max-w-72 rounded-md bg-foreground px-2 py-1 text-xs text-balance text-background shadow-float', className)}
        {...props}
      />
    </Primitive.Portal>
  )
}
