'use client'

import type { Route } from 'next'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { formatQuantity } from '@/lib/core/format'
import type { SourceView } from '@/lib/sources/schema'

const DeleteSourceDialog = dynamic(() => import('./delete-source-dialog').then((module) => module.DeleteSourceDialog), { ssr: false })

export function DeleteSourceSection({ source }: { source: SourceView }) {
  const router = useRouter()
  const [isAsking, setAsking] = useState(false)
  return (
    <section className="border-t pt-6">
      <h2 className="font-semibold">Delete this source</h2>
      <p className="mt-1 text-muted-foreground">{source.filledSchemas ? `Its ${formatQuantity(source.filledSchemas, 'table')} and their data go with it.` : 'It has no data yet.'}</p>
      <Button variant="outline" className="mt-3 text-broken" onClick={() => setAsking(true)}>Delete source…</Button>
      {isAsking ? <DeleteSourceDialog source={source} onClose={() => setAsking(false)} onDeleted={() => router.push('/sources' as Route)} /> : null}
    </section>
  )
}
