'use client'

import { Download } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { DropdownMenu, DropdownMenuCheckboxItem, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '@/components/ui/dropdown-menu'
import { toast } from '@/components/ui/toaster'
import { formatBytes, formatQuantity } from '@/lib/core/format'
import type { AsOf, ExportFormat, FinishedExport } from '@/lib/sql-editor/schema'
import { failureOf, sqlRequest } from './sql-request'

const labels: Record<ExportFormat, string> = { csv: 'CSV', parquet: 'Parquet', json: 'JSON' }

/** Exports every row of a query, not only those that are shown. */
export function ExportMenu({ sql, asOf }: { sql: string; asOf: AsOf | null }) {
  const [guardsFormulas, setGuardsFormulas] = useState(false)
  const [isBusy, setIsBusy] = useState(false)
  const running = useRef<AbortController | null>(null)

  async function run(format: ExportFormat): Promise<void> {
    const controller = new AbortController()
    running.current = controller
    setIsBusy(true)
    const note = toast.loading(`Exporting as ${labels[format]}`, { action: { label: 'Cancel', onClick: () => controller.abort() }, duration: Infinity })
    try {
      const done = await sqlRequest<FinishedExport>('/api/sql/export', { sql, format, guardsFormulas, asOf }, controller.signal)
      toast.success(`Exported ${formatQuantity(done.rows, 'row')}`, { id: note, description: `${formatBytes(done.bytes)} as ${labels[format]}`, action: null, duration: 5_000 })
      download(`/api/sql/export/${done.id}.${done.format}`)
    } catch (error) {
      if (controller.signal.aborted) {
        toast.info('The export was cancelled', { id: note, action: null, duration: 4_000 })
      } else {
        const { title, detail, advice } = failureOf(error).error
        toast.error(title, { id: note, description: [detail, advice].filter(Boolean).join('. '), action: null, duration: 10_000 })
      }
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="outline" size="sm" isBusy={isBusy}><Download aria-hidden />Export</Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>Every row of this query</DropdownMenuLabel>
        {(['csv', 'parquet', 'json'] as const).map((format) => <DropdownMenuItem key={format} onSelect={() => void run(format)}>{labels[format]}</DropdownMenuItem>)}
        <DropdownMenuSeparator />
        <DropdownMenuCheckboxItem checked={guardsFormulas} onCheckedChange={setGuardsFormulas} onSelect={(event) => event.preventDefault()}>CSV: guard against spreadsheet formulas</DropdownMenuCheckboxItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  document.body.append(link)
  link.click()
  link.remove()
}
