'use client'

import { Keyboard, LogOut, Menu } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuSeparator, DropdownMenuShortcut, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { toast } from '@/components/ui/toaster'
import { isBelow, type NavigationLink } from './navigation'
import { openShortcuts } from './shortcuts'
import { signOut } from './sign-out'
import { ThemeItems } from './theme-items'

export interface AccountMenuProps {
  name: string
  email: string
  links: NavigationLink[]
}

/** Who is signed in, the theme and the way out; where the window is narrow, the main places too. */
export function AccountMenu({ name, email, links }: AccountMenuProps) {
  const path = usePathname()
  const [isLeaving, setIsLeaving] = useState(false)

  async function leave(): Promise<void> {
    setIsLeaving(true)
    await signOut().catch(() => {
      setIsLeaving(false)
      toast.error('Sign-out did not reach the server', { description: 'Check that you are online, then try again.' })
    })
  }

  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Account and menu" className="rounded-full" isBusy={isLeaving}>
          <Menu aria-hidden className="sm:hidden" />
          <span aria-hidden className="hidden size-6 items-center justify-center rounded-full bg-accent text-xs font-semibold uppercase sm:flex">{(name || email).slice(0, 1)}</span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-60">
        <div className="px-2 py-1.5">
          {name ? <div className="truncate font-medium">{name}</div> : null}
          <div className="truncate text-sm text-muted-foreground">{email}</div>
        </div>
        <div className="sm:hidden">
          <DropdownMenuSeparator />
          {links.map((link) => (
            <DropdownMenuItem key={link.href} asChild className={isBelow(path, link) ? 'font-medium' : undefined}>
              <Link href={link.href}>{link.label}</Link>
            </DropdownMenuItem>
          ))}
        </div>
        <DropdownMenuSeparator />
        <ThemeItems />
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={openShortcuts}>
          <Keyboard aria-hidden />
          Keyboard shortcuts
          <DropdownMenuShortcut>?</DropdownMenuShortcut>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void leave()}>
          <LogOut aria-hidden />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
