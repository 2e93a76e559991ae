'use client'

import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { ConnectorIcon } from '@/components/connectors/connector-icon'
import { ErrorState } from '@/components/shell/error-state'
import { Button } from '@/components/ui/button'
import type { ErrorView } from '@/lib/core/errors'
import { linkSampleShopAction } from '@/lib/sources/actions'
import { importHref } from './import-href'

/** A real database to look around with, made and linked in one click. */
export function SampleShopCard() {
  const router = useRouter()
  const [error, setError] = useState<ErrorView | null>(null)
  const [isBusy, startLink] = useTransition()

  function link() {
    setError(null)
    startLink(async () => {
      const result = await linkSampleShopAction(undefined)
      if (result.ok) router.push(importHref('postgres', result.value.sourceId))
      else setError(result.error)
    })
  }

  return (
    <div className="grid max-w-3xl gap-3">
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-border p-3.5">
        <ConnectorIcon connector="sample-shop" label="Sample shop" />
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-medium">Sample shop</p>
          <p className="text-sm text-muted-foreground">A small shop in a PostgreSQL database of its own beside ours: customers, orders, products, about 200,000 rows.</p>
        </div>
        <Button variant="outline" isBusy={isBusy} onClick={link}>Try it with the sample shop</Button>
      </div>
      <p role="status" className="sr-only">{isBusy ? 'Making the sample shop' : ''}</p>
      {error ? <ErrorState error={error} /> : null}
    </div>
  )
}
