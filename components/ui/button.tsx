import { cva, type VariantProps } from 'class-variance-authority'
import { Slot } from 'radix-ui/slot'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { Spinner } from './spinner'

export const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors select-none disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50 [&_svg]:pointer-events-none [&_svg]:shrink-0 [&_svg:not([class*='size-'])]:size-4",
  {
    variants: {
      variant: {
        default: 'bg-primary text-primary-foreground hover:bg-primary-hover',
        secondary: 'bg-muted text-foreground hover:bg-accent',
        outline: 'border bg-background text-foreground hover:bg-muted',
        ghost: 'text-foreground hover:bg-accent',
        destructive: 'bg-danger text-white hover:bg-danger-hover',
        link: 'text-link underline-offset-4 hover:underline',
      },
      size: {
        default: 'h-8 px-3 text-base',
        sm: 'h-7 px-2 text-sm',
        lg: 'h-9 px-4 text-base',
        icon: 'size-8',
        'icon-sm': 'size-7',
      },
    },
    defaultVariants: { variant: 'default', size: 'default' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonVariants> {
  asChild?: boolean
  /** Shows a spinner in place of the icon and takes no second click; the width stays. */
  isBusy?: boolean
}

export function Button({ className, variant, size, asChild = false, isBusy = false, children, disabled, type, ...props }: ButtonProps) {
  const classes = cn(buttonVariants({ variant, size }), className)
  if (asChild) return <Slot className={classes} {...props}>{children}</Slot>
  return (
    <button type={type ?? 'button'} className={cn(classes, isBusy && 'relative')} disabled={disabled || isBusy} aria-busy={isBusy || undefined} {...props}>
      {isBusy ? (
        <>
          <span className="contents [&>*]:opacity-0"><span className="inline-flex items-center gap-1.5">{children}</span></span>
          <Spinner className="absolute" />
        </>
      ) : children}
    </button>
  )
}
