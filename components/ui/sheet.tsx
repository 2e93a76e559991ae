'use client'

import { X } from 'lucide-react'
import * as Primitive from 'radix-ui/dialog'
import type { ComponentProps } from 'react'
import { Button } from './button'
import { cn } from './cn'

export const Sheet = Primitive.Root
export const SheetTrigger = Primitive.Trigger
export const SheetClose = Primitive.Close

const sides = {
  right: 'inset-y-0 right-0 w-full max-w-md border-l data-[state=open]:animate-[slide-in-right_130ms_ease-out]',
  left: 'inset-y-0 left-0 w-4/5 max-w-72 border-r data-[state=open]:animate-[slide-in-left_130ms_ease-out]',
}

export function SheetContent({ className, side = 'right', children, ...props }: ComponentProps<typeof Primitive.Content> & { side?: keyof typeof sides }) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className="fade-motion fixed inset-0 z-50 bg-overlay" />
      <Primitive.Content
        className={cn('fixed z-50 flex flex-col gap-4 overflow-y-auto bg-popover p-5 text-popover-foreground shadow-float outline-none data-[state=closed]:animate-[fade-out_80ms_ease-in]', sides[side], className)}
        {...props}
      >
        {children}
        <Primitive.Close asChild>
          <Button variant="ghost" size="icon-sm" className="absolute top-3 right-3 text-muted-foreground" aria-label="Close"><X aria-hidden /></Button>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  )
}

export function SheetHeader({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('grid gap-1.5 pr-8', className)} {...props} />
}

export function SheetFooter({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('mt-auto flex flex-col gap-2', className)} {...props} />
}

export function SheetTitle({ className, ...props }: ComponentProps<typeof Primitive.Title>) {
  return <Primitive.Title className={cn('text-lg font-semibold', className)} {...props} />
}

export function SheetDescription({ className, ...props }: ComponentProps<typeof Primitive.Description>) {
  return <Primitive.Description className={cn('text-base text-muted-foreground', className)} {...props} />
}
