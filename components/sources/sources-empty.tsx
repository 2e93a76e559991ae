'use client'

import { FlaskConical } from 'lucide-react'
import type { Route } from 'next'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { Button } from '@/components/ui/button'
import { Spinner } from '@/components/ui/spinner'
import { useAction } from '@/components/syncs/use-action'
import { linkSampleShopAction } from '@/lib/sources/actions'
import type { ConnectorView } from '@/lib/sources/schema'

/** What to do first: link something of one's own, or look at the sample shop. */
export function SourcesEmpty({ starters }: { starters: Pick<ConnectorView, 'id' | 'label' | 'description'>[] }) {
  const router = useRouter()
  const action = useAction()

  async function trySample(): Promise<void> {
    const linked = await action.run(() => linkSampleShopAction(undefined))
    if (linked) router.push(`/sources/${linked.value.sourceId}` as Route)
  }

  return (
    <div className="mx-auto flex max-w-2xl flex-col items-center py-10 text-center sm:py-16">
      <h2 className="text-lg font-semibold text-balance">Link a source, and its tables arrive here, ready to query</h2>
      <ul className="mt-6 flex w-full flex-wrap justify-center gap-3">
        {starters.map((starter) => (
          <li key={starter.id} className="w-full sm:w-72">
            <Link href={`/sources/new/${starter.id}` as Route} className="flex h-full items-center gap-3 rounded-md border p-4 text-left transition-colors hover:border-input hover:bg-subtle">
              <ConnectorIcon connector={starter.id} label={starter.label} size="lg" />
              <span className="min-w-0">
                <span className="block font-medium">Link {starter.label}</span>
                <span className="mt-0.5 line-clamp-2 block text-sm text-muted-foreground">{starter.description}</span>
              </span>
            </Link>
          </li>
        ))}
        <li className="w-full sm:w-72">
          <button type="button" disabled={action.isBusy} aria-busy={action.isBusy} onClick={() => void trySample()} className="flex h-full w-full items-center gap-3 rounded-md border border-dashed border-input p-4 text-left transition-colors hover:bg-subtle disabled:cursor-progress">
            <span className="inline-flex size-10 shrink-0 items-center justify-center text-muted-foreground">{action.isBusy ? <Spinner /> : <FlaskConical aria-hidden className="size-6 stroke-[1.5]" />}</span>
            <span className="min-w-0">
              <span className="block font-medium">Try it with the sample shop</span>
              <span className="mt-0.5 block text-sm text-muted-foreground" aria-live="polite">{action.isBusy ? 'Making a small shop database…' : 'A small real database, made here and linked with one click'}</span>
            </span>
          </button>
        </li>
      </ul>
      <Button asChild variant="link" className="mt-5"><Link href={'/sources/new' as Route}>See everything that can be linked</Link></Button>
    </div>
  )
}
