import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export const badgeVariants = cva("inline-flex h-5 w-fit shrink-0 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0", {
  variants: {
    variant: {
      default: 'bg-muted text-foreground',
      secondary: 'bg-muted text-muted-foreground',
      outline: 'border text-muted-foreground',
      running: 'bg-running/10 text-running',
      fine: 'bg-fine/10 text-fine',
      waiting: 'bg-waiting/10 text-waiting',
      broken: 'bg-broken/10 text-broken',
      destructive: 'bg-broken/10 text-broken',
      paused: 'bg-paused/10 text-paused',
    },
  },
  defaultVariants: { variant: 'default' },
})

export function Badge({ className, variant, ...props }: ComponentProps<'span'> & VariantProps<typeof badgeVariants>) {
  return <span className={cn(badgeVariants({ variant }), className)} {...props} />
}
