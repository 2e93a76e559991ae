'use client'

import { useQueryClient } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { toast } from '@/components/ui/toaster'
import { discardHeldAction, publishHeldAction } from '@/lib/syncs/actions'
import { statusKeys } from './status-keys'
import { useAction } from './use-action'

interface HeldButtonsProps {
  /** The versions that were seen: another one that has taken a place meanwhile is left alone. */
  held: { schemaId: string; runId: string }[]
  sourceId: string
  /** The table, or how many there are. */
  name: string
  /** How many are decided on at once; 1 unless given. */
  count?: number
  isSmall?: boolean
  onDone?(): void
}

/** Publish what waits, or discard it. */
export function HeldButtons({ held, sourceId, name, count = 1, isSmall = false, onDone }: HeldButtonsProps) {
  const client = useQueryClient()
  const action = useAction()
  const all = count > 1 ? ` ${count}` : ''

  async function decide(how: 'publish' | 'discard'): Promise<void> {
    const done = await action.run(() => (how === 'publish' ? publishHeldAction({ held }) : discardHeldAction({ held })))
    void client.invalidateQueries({ queryKey: statusKeys.schemas(sourceId) })
    void client.invalidateQueries({ queryKey: ['run'] })
    if (!done) return
    if (how === 'publish') toast.success(count > 1 ? `New versions of ${name} are published` : `The new version of ${name} is published`)
    else toast.success(`Discarded; ${name} ${count > 1 ? 'stay as they were' : 'stays as it was'}`)
    onDone?.()
  }

  const looks = { size: 'sm', className: cn(isSmall && 'h-6 text-xs') } as const
  return (
    <>
      <Button variant="outline" {...looks} isBusy={action.isBusy} onClick={() => void decide('publish')}>Publish{all}</Button>
      <Button variant="outline" {...looks} disabled={action.isBusy} onClick={() => void decide('discard')}>Discard{all}</Button>
    </>
  )
}
