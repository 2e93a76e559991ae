import { CircleAlert } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { cn } from './cn'
import { Label } from './label'
import { LinkedText } from './linked-text'

export interface FieldParts {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

export interface FieldProps {
  label: ReactNode
  /** One sentence under the field; stays beside an error. */
  help?: ReactNode
  error?: string | undefined
  /** Shown after the label: "optional". */
  hint?: ReactNode
  className?: string
  /** Spread the parts on the control, so that label, help and error belong to it. */
  children: (parts: FieldParts) => ReactNode
}

/** A labelled control with its help and its error at the field. */
export function Field({ label, help, error, hint, className, children }: FieldProps) {
  const id = useId()
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
  return (
    <div className={cn('grid gap-1.5', className)}>
      <div className="flex items-baseline justify-between gap-2">
        <Label htmlFor={id}>{label}</Label>
        {hint ? <span className="text-xs text-muted-foreground">{hint}</span> : null}
      </div>
      {children({ id, 'aria-describedby': described, 'aria-invalid': error ? true : undefined })}
      {error ? (
        <p id={`${id}-error`} role="alert" className="flex gap-1.5 text-sm text-broken">
          <CircleAlert aria-hidden className="mt-[3px] size-3.5 shrink-0" />
          <span className="min-w-0 [overflow-wrap:anywhere]"><LinkedText>{error}</LinkedText></span>
        </p>
      ) : null}
      {help ? <p id={`${id}-help`} className="text-sm text-muted-foreground">{help}</p> : null}
    </div>
  )
}
