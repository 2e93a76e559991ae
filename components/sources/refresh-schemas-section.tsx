'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { statusKeys } from '@/components/syncs/status-keys'
import { useAction } from '@/components/syncs/use-action'
import { formatQuantity } from '@/lib/core/format'
import { refreshSourceAction } from '@/lib/sources/actions'
import type { SourceView } from '@/lib/sources/schema'

const NAMES_SHOWN = 20

/** Look at the source again: which schemas came, which are gone. */
export function RefreshSchemasSection({ source }: { source: Pick<SourceView, 'id'> }) {
  const client = useQueryClient()
  const action = useAction()
  const [found, setFound] = useState<{ added: string[]; missing: string[] } | null>(null)

  async function refresh(): Promise<void> {
    const done = await action.run(() => refreshSourceAction({ sourceId: source.id }))
    if (!done) return
    setFound(done.value)
    void client.invalidateQueries({ queryKey: statusKeys.schemas(source.id) })
  }

  return (
    <section className="border-t pt-6">
      <h2 className="font-semibold">Schemas of the source</h2>
      <p className="mt-1 text-muted-foreground">Look for new tables and columns. New tables are listed switched off; what is gone upstream keeps its data here.</p>
      <Button variant="outline" className="mt-3" isBusy={action.isBusy} onClick={() => void refresh()}>Refresh schemas</Button>
      <div role="status" className="mt-2 text-sm">
        {found && !found.added.length && !found.missing.length ? 'Nothing came and nothing is gone.' : null}
        {found?.added.length ? <p>{formatQuantity(found.added.length, 'new schema', 'new schemas')}: <Names names={found.added} /></p> : null}
        {found?.missing.length ? <p className="text-waiting">{formatQuantity(found.missing.length, 'schema')} no longer in the source: <Names names={found.missing} /></p> : null}
      </div>
    </section>
  )
}

function Names({ names }: { names: string[] }) {
  const more = names.length - NAMES_SHOWN
  return <span className="[overflow-wrap:anywhere] text-foreground">{names.slice(0, NAMES_SHOWN).join(', ')}{more > 0 ? ` and ${more} more` : ''}</span>
}
