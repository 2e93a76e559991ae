import type { ReactNode } from 'react'

/** A number of a report with its name. */
export function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="border-b py-1.5">
      <dt className="text-xs text-muted-foreground">{label}</dt>
      <dd className="truncate tabular">{children}</dd>
    </div>
  )
}
