'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import { columnChangeWords } from '@/lib/core/column-change-words'
import { formatCount } from '@/lib/core/format'
import type { SchemaView } from '@/lib/sources/schema'

const ColumnsReportDialog = dynamic(() => import('./columns-report-dialog').then((module) => module.ColumnsReportDialog), { ssr: false })

/** What the source did to the columns lately: the table's list of columns at a click, each with the version that changed it. */
export function ColumnNews({ schema, news }: { schema: SchemaView; news: NonNullable<SchemaView['columnNews']> }) {
  const [isOpen, setOpen] = useState(false)
  const words = columnChangeWords(news.changes)
  return (
    <>
      <button type="button" title={`${words}, since version ${formatCount(news.version)}`} className="block max-w-full cursor-pointer truncate rounded-sm text-xs text-muted-foreground hover:underline" onClick={() => setOpen(true)}>{words}</button>
      {isOpen ? <ColumnsReportDialog schema={schema} onClose={() => setOpen(false)} /> : null}
    </>
  )
}
