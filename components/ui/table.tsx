import type { ComponentProps } from 'react'
import { cn } from './cn'

/** Rows of 36 px between hairlines. Scrolls sideways by itself where the window is narrow; one that nothing inside takes the focus of needs a `scrollLabel`, so that the keyboard scrolls it. */
export function Table({ className, containerClassName, scrollLabel, ...props }: ComponentProps<'table'> & { containerClassName?: string; scrollLabel?: string }) {
  return (
    <div className={cn('relative w-full overflow-x-auto', containerClassName)} {...(scrollLabel ? { tabIndex: 0, role: 'group', 'aria-label': scrollLabel } : {})}>
      <table className={cn('w-full caption-bottom border-collapse text-base', className)} {...props} />
    </div>
  )
}

export function TableHeader({ className, ...props }: ComponentProps<'thead'>) {
  return <thead className={cn('[&_tr]:border-b [&_tr]:hover:bg-transparent', className)} {...props} />
}

export function TableBody({ className, ...props }: ComponentProps<'tbody'>) {
  return <tbody className={cn('[&_tr:last-child]:border-b-0', className)} {...props} />
}

export function TableFooter({ className, ...props }: ComponentProps<'tfoot'>) {
  return <tfoot className={cn('border-t bg-subtle font-medium', className)} {...props} />
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cn('border-b hover:bg-subtle data-[state=selected]:bg-primary/5', className)} {...props} />
}

/** `numeric` sets it right, with figures of one width. */
export function TableHead({ className, numeric = false, ...props }: ComponentProps<'th'> & { numeric?: boolean }) {
  return <th scope="col" className={cn('h-8 px-2 text-left align-middle text-xs font-medium whitespace-nowrap text-muted-foreground first:pl-3 last:pr-3', numeric && 'text-right', className)} {...props} />
}

export function TableCell({ className, numeric = false, ...props }: ComponentProps<'td'> & { numeric?: boolean }) {
  return <td className={cn('h-9 px-2 py-1 align-middle first:pl-3 last:pr-3', numeric && 'text-right tabular', className)} {...props} />
}

export function TableCaption({ className, ...props }: ComponentProps<'caption'>) {
  return <caption className={cn('mt-3 text-sm text-muted-foreground', className)} {...props} />
}
