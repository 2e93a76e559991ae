'use client'

import { Ellipsis } from 'lucide-react'
import { useState, type KeyboardEvent, type ReactNode } from 'react'
import { Button, type ButtonProps } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { cn } from '@/components/ui/cn'

interface RowMenuProps extends Pick<ButtonProps, 'variant' | 'size'> {
  label: string
  className?: string
  /** The menu's items. */
  children: ReactNode
}

/** A ⋯ menu of which a page has hundreds: until somebody wants it, it is a button and nothing else. */
export function RowMenu({ label, variant = 'ghost', size = 'icon-sm', className, children }: RowMenuProps) {
  const [isWanted, setWanted] = useState(false)
  const looks = { variant, size, 'aria-label': label, className: 'text-muted-foreground' } as const
  const openByKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown') return
    event.preventDefault()
    setWanted(true)
  }
  if (!isWanted) return <Button {...looks} aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)} onKeyDown={openByKey}><Ellipsis aria-hidden /></Button>
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenuTrigger asChild><Button {...looks}><Ellipsis aria-hidden /></Button></DropdownMenuTrigger>
      <DropdownMenuContent align="end" className={cn('w-48', className)}>{children}</DropdownMenuContent>
    </DropdownMenu>
  )
}
