'use client'

import { Slot } from 'radix-ui/slot'
import { createElement, useEffect, useMemo, useRef, useState, type ComponentProps, type ComponentType, type JSXElementConstructor, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { cn } from './cn'
import type * as Parts from './dropdown-menu-parts'
import { MenuContext, useMenu } from './menu-context'
import { toast } from './toaster'

type MenuParts = typeof Parts

// A page holds many menus and few are ever opened: what makes one (a sixth of a page's code) is loaded
// when a pointer or the focus comes near its trigger.
let loaded: MenuParts | undefined
let loading: Promise<MenuParts> | undefined

function load(): Promise<MenuParts> {
  loading ??= import('./dropdown-menu-parts').then((parts) => (loaded = parts))
  loading.catch(() => (loading = undefined))
  return loading
}

type Props<Name extends keyof MenuParts> = MenuParts[Name] extends JSXElementConstructor<infer P> ? P : never

export function DropdownMenu({ children, open, defaultOpen = false, onOpenChange, ...props }: Props<'Root'>) {
  const [parts, setParts] = useState<MenuParts | undefined>()
  const byKeyboard = useRef(false)
  const menu = useMemo(() => ({
    isLoaded: parts !== undefined,
    open: (isKey: boolean) => {
      byKeyboard.current = isKey
      if (loaded) setParts(loaded)
      else load().then(setParts, () => toast.error('The menu could not be loaded', { description: 'Check that you are online, then load the page again.' }))
    },
    takeKey: () => {
      const wasKey = byKeyboard.current
      byKeyboard.current = false
      return wasKey
    },
  }), [parts])

  const isWanted = open ?? defaultOpen
  useEffect(() => {
    if (isWanted && !parts) menu.open(false)
  }, [isWanted, parts, menu])

  return (
    <MenuContext value={menu}>
      {parts ? <parts.Root {...props} {...(open === undefined ? { defaultOpen: true } : { open })} {...(onOpenChange ? { onOpenChange } : {})}>{children}</parts.Root> : children}
    </MenuContext>
  )
}

export function DropdownMenuTrigger({ asChild, children, ...props }: ComponentProps<'button'> & { asChild?: boolean }) {
  const { isLoaded, open } = useMenu()
  if (isLoaded && loaded) return <loaded.Trigger asChild={asChild ?? false} {...props}>{children}</loaded.Trigger>
  const Trigger = asChild ? Slot : 'button'
  return (
    <Trigger
      {...(asChild ? {} : { type: 'button' as const })}
      aria-haspopup="menu"
      aria-expanded={false}
      data-state="closed"
      {...props}
      onPointerEnter={() => void load().catch(() => {})}
      onFocus={() => void load().catch(() => {})}
      // A click that the keyboard made has no detail
      onClick={(event: MouseEvent<HTMLElement>) => open(event.detail === 0)}
      onKeyDown={(event: KeyboardEvent<HTMLElement>) => {
        if (event.key !== 'ArrowDown') return
        event.preventDefault()
        open(true)
      }}
    >
      {children}
    </Trigger>
  )
}

/** Rendered by the loaded parts; nothing before the menu was opened once. */
function part<Name extends Exclude<keyof MenuParts, 'Root' | 'Trigger'>>(name: Name): (props: Props<Name>) => ReactNode {
  return function MenuPart(props) {
    // The compiler cannot follow that the part of this name takes the props of this name.
    const Part = (useMenu().isLoaded ? loaded?.[name] : undefined) as ComponentType<object> | undefined
    return Part ? createElement(Part, props as object) : null
  }
}

export const DropdownMenuContent = part('Content')
export const DropdownMenuItem = part('Item')
export const DropdownMenuGroup = part('Group')
export const DropdownMenuCheckboxItem = part('CheckboxItem')
export const DropdownMenuRadioGroup = part('RadioGroup')
export const DropdownMenuRadioItem = part('RadioItem')
export const DropdownMenuLabel = part('Label')
export const DropdownMenuSeparator = part('Separator')
export const DropdownMenuSub = part('Sub')
export const DropdownMenuSubTrigger = part('SubTrigger')
export const DropdownMenuSubContent = part('SubContent')

/** The keys that do the same; no part of the item's name. */
export function DropdownMenuShortcut({ className, ...props }: ComponentProps<'span'>) {
  return <span aria-hidden className={cn('ml-auto pl-4 text-xs tracking-wide text-muted-foreground', className)} {...props} />
}
