'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonProps } from './button'
import { cn } from './cn'
import { copyText } from './copy-text'
import { toast } from './toaster'

const SHOWN_MS = 1500

export interface CopyButtonProps extends Pick<ButtonProps, 'variant' | 'size' | 'className'> {
  value: string
  /** What is copied, for the button's name: "Copy IP address". */
  label?: string
  /** Also a visible word beside the icon. */
  showLabel?: boolean
}

export function CopyButton({ value, label = 'Copy', showLabel = false, variant = 'ghost', size, className }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [isCopied])

  async function copy(): Promise<void> {
    if (await copyText(value)) setIsCopied(true)
    else toast.error('The browser refused to copy', { description: 'Select the text and copy it by hand.' })
  }

  const Icon = isCopied ? Check : Copy
  return (
    <Button variant={variant} size={size ?? (showLabel ? 'sm' : 'icon-sm')} className={cn(!showLabel && 'text-muted-foreground', className)} onClick={() => void copy()} {...(showLabel ? {} : { 'aria-label': label, title: label })}>
      <Icon aria-hidden className={cn('size-3.5', isCopied && 'text-fine')} />
      {showLabel ? label : null}
      <span role="status" className="sr-only">{isCopied ? 'Copied' : ''}</span>
    </Button>
  )
}
