'use client'

import { Check, ChevronDown, ChevronUp } from 'lucide-react'
import * as Primitive from 'radix-ui/select'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { fieldClasses } from './input'
import { useNonce } from './nonce'

export const Select = Primitive.Root
export const SelectGroup = Primitive.Group
export const SelectValue = Primitive.Value

export function SelectTrigger({ className, size = 'default', children, ...props }: ComponentProps<typeof Primitive.Trigger> & { size?: 'sm' | 'default' }) {
  return (
    <Primitive.Trigger
      className={cn(
        fieldClasses,
        "inline-flex items-center justify-between gap-2 whitespace-nowrap hover:bg-muted data-[placeholder]:text-muted-foreground [&>span]:truncate",
        size === 'sm' ? 'h-7 px-2 text-sm' : 'h-8 px-2.5',
        className,
      )}
      {...props}
    >
      {children}
      <Primitive.Icon asChild>
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted-foreground" />
      </Primitive.Icon>
    </Primitive.Trigger>
  )
}

export function SelectContent({ className, children, position = 'popper', ...props }: ComponentProps<typeof Primitive.Content>) {
  const nonce = useNonce()
  return (
    <Primitive.Portal>
      <Primitive.Content
        position={position}
        sideOffset={4}
        className={cn(
          'float-motion relative z-50 max-h-(--radix-select-content-available-height) min-w-32 overflow-hidden rounded-md border bg-popover text-popover-foreground shadow-float',
          position === 'popper' && 'min-w-(--radix-select-trigger-width)',
          className,
        )}
        {...props}
      >
        <Primitive.ScrollUpButton className="flex h-5 items-center justify-center"><ChevronUp className="size-4" /></Primitive.ScrollUpButton>
        <Primitive.Viewport {...(nonce ? { nonce } : {})} className="p-1">{children}</Primitive.Viewport>
        <Primitive.ScrollDownButton className="flex h-5 items-center justify-center"><ChevronDown className="size-4" /></Primitive.ScrollDownButton>
      </Primitive.Content>
    </Primitive.Portal>
  )
}

export function SelectItem({ className, children, ...props }: ComponentProps<typeof Primitive.Item>) {
  return (
    <Primitive.Item
      className={cn('relative flex min-h-7 cursor-default items-center gap-2 rounded-sm py-1 pr-8 pl-2 text-base outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-accent', className)}
      {...props}
    >
      <Primitive.ItemText>{children}</Primitive.ItemText>
      <Primitive.ItemIndicator className="absolute right-2"><Check aria-hidden className="size-4" /></Primitive.ItemIndicator>
    </Primitive.Item>
  )
}

export function SelectLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn('px-2 py-1.5 text-xs text-muted-foreground', className)} {...props} />
}

export function SelectSeparator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />
}
