'use client'

import { Check, ChevronRight, Circle } from 'lucide-react'
import * as Primitive from 'radix-ui/dropdown-menu'
import type { ComponentProps, FocusEvent } from 'react'
import { cn } from './cn'
import { menuContent, menuItem } from './menu-classes'
import { useMenu } from './menu-context'

export const Root = Primitive.Root
export const Trigger = Primitive.Trigger
export const Portal = Primitive.Portal
export const Group = Primitive.Group
export const RadioGroup = Primitive.RadioGroup
export const Sub = Primitive.Sub

export function Content({ className, sideOffset = 4, align = 'start', collisionPadding = 8, ...props }: ComponentProps<typeof Primitive.Content>) {
  const { takeKey } = useMenu()
  // The key that opened it was pressed before this code was loaded: when the menu takes the focus, its first item gets it.
  function passFocus(event: FocusEvent<HTMLDivElement>): void {
    if (event.target !== event.currentTarget || !takeKey()) return
    const items = event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]:not([data-disabled])')
    // one that the width of the window hides takes no focus
    Array.from(items).find((item) => item.offsetParent !== null)?.focus()
  }
  return (
    <Primitive.Portal>
      <Primitive.Content
        onFocus={passFocus}
        sideOffset={sideOffset}
        align={align}
        collisionPadding={collisionPadding}
        className={cn(menuContent, 'max-h-(--radix-dropdown-menu-content-available-height)', className)}
        {...props}
      />
    </Primitive.Portal>
  )
}

export function Item({ className, variant = 'default', inset, ...props }: ComponentProps<typeof Primitive.Item> & { variant?: 'default' | 'destructive'; inset?: boolean }) {
  return (
    <Primitive.Item
      className={cn(menuItem, variant === 'destructive' && "text-broken data-[highlighted]:bg-broken/10 [&_svg:not([class*='text-'])]:text-broken", inset && 'pl-8', className)}
      {...props}
    />
  )
}

export function CheckboxItem({ className, children, ...props }: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem className={cn(menuItem, 'pl-8', className)} {...props}>
      <Primitive.ItemIndicator className="absolute left-2 inline-flex"><Check aria-hidden /></Primitive.ItemIndicator>
      {children}
    </Primitive.CheckboxItem>
  )
}

export function RadioItem({ className, children, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cn(menuItem, 'pl-8', className)} {...props}>
      <Primitive.ItemIndicator className="absolute left-2.5 inline-flex"><Circle aria-hidden className="size-2 fill-current text-foreground" /></Primitive.ItemIndicator>
      {children}
    </Primitive.RadioItem>
  )
}

export function Label({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return <Primitive.Label className={cn('px-2 py-1.5 text-xs text-muted-foreground', className)} {...props} />
}

export function Separator({ className, ...props }: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />
}

export function SubTrigger({ className, children, ...props }: ComponentProps<typeof Primitive.SubTrigger>) {
  return (
    <Primitive.SubTrigger className={cn(menuItem, 'data-[state=open]:bg-accent', className)} {...props}>
      {children}
      <ChevronRight aria-hidden className="ml-auto" />
    </Primitive.SubTrigger>
  )
}

export function SubContent({ className, ...props }: ComponentProps<typeof Primitive.SubContent>) {
  return <Primitive.Portal><Primitive.SubContent className={cn(menuContent, className)} {...props} /></Primitive.Portal>
}
