import type { ReactNode } from 'react'

/** The card of sign-in and first run. */
export function EntranceCard({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <div className="rounded-xl border bg-popover p-6">
      <h1 className="text-lg font-semibold">{title}</h1>
      {description ? <p className="mt-1 text-muted-foreground">{description}</p> : null}
      <div className="mt-5">{children}</div>
    </div>
  )
}
