import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'

/** A section between hairlines: its name at the left, its content at the right. */
export function SettingsSection({ title, description, children, isWide = false }: { title: string; description: string; children: ReactNode; isWide?: boolean }) {
  return (
    <section className="grid gap-x-8 gap-y-4 border-b py-6 first:pt-1 last:border-b-0 md:grid-cols-[240px_1fr]">
      <div>
        <h2 className="font-semibold">{title}</h2>
        <p className="mt-1 text-sm text-muted-foreground">{description}</p>
      </div>
      <div className={cn('min-w-0', !isWide && 'max-w-lg')}>{children}</div>
    </section>
  )
}
