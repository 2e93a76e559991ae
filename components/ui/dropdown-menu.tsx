'use client'

import { Check, ChevronRight, Circle } from 'lucide-react'
import * as Primitive from 'radix-ui/dropdown-menu'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { menuContent, menuItem } from './menu-classes'

export const DropdownMenu = Primitive.Root
export const DropdownMenuTrigger = Primitive.Trigger
export const DropdownMenuPortal = Primitive.Portal
export const DropdownMenuGroup = Primitive.Group
export const DropdownMenuRadioGroup = Primitive.RadioGroup
export const DropdownMenuSub = Primitive.Sub

export function DropdownMenuContent({ className, sideOffset = 4, align = 'start', collisionPadding = 8, ...props }: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={sideOffset}
        align={align}
        collisionPadding={collisionPadding}
        className={cn(menuContent, 'max-h-(--radix-dropdown-menu-content-available-height)', className)}
        {...props}
      />
    </Primitive.Portal>
  )
}

export function DropdownMenuItem({ className, variant = 'default', inset, ...props }: ComponentProps<typeof Primitive.Item> & { variant?: 'default' | 'destructive'; inset?: boolean }) {
  return (
    <Primitive.Item
      className={cn(menuItem, variant === 'destructive' && "text-broken data-[highlighted]:bg-broken/10 [&_svg:not([class*='text-'])]:text-broken", inset && 'pl-8', className)}
      {...props}
    />
  )
}

export function DropdownMenuCheckboxItem({ className, children, ...props }: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem className={cn(menuItem, 'pl-8', className)} {...props}>
      <Primitive.ItemIndicator className="absolute left-2 inline-flex"><Check aria-hidden /></Primitive.ItemIndicator>
      {children}
    </Primitive.CheckboxItem>
  )
}

export function DropdownMenuRadioItem({ className, children, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(menuItem, 'pl-8', className)} {...props}>
      <Primitive.ItemIndicator className="absolute left-2.5 inline-flex"><Circle aria-hidden className="size-2 fill-current text-foreground" /></Primitive.ItemIndicator>
      {children}
    </Primitive.RadioItem>
  )
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn('px-2 py-1.5 text-xs text-muted-foreground', className)} {...props} />
}

export function DropdownMenuSeparator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />
}

/** The keys that do the same; no part of the item's name. */
export function DropdownMenuShortcut({ className, ...props }: ComponentProps<'span'>) {
  return <span aria-hidden className={cn('ml-auto pl-4 text-xs tracking-wide text-muted-foreground', className)} {...props} />
}

export function DropdownMenuSubTrigger({ className, children, ...props }: ComponentProps<typeof Primitive.SubTrigger>) {
  return (
    <Primitive.SubTrigger className={cn(menuItem, 'data-[state=open]:bg-accent', className)} {...props}>
      {children}
      <ChevronRight aria-hidden className="ml-auto" />
    </Primitive.SubTrigger>
  )
}

export function DropdownMenuSubContent({ className, ...props }: ComponentProps<typeof Primitive.SubContent>) {
  return <Primitive.Portal><Primitive.SubContent className={cn(menuContent, className)} {...props} /></Primitive.Portal>
}
