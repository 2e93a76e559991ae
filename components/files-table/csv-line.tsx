'use client'

import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover'
import type { CsvSettings } from '@/lib/core/files-settings'
import { CsvForm } from './csv-form'
import { csvWords } from './csv-words'

interface CsvLineProps {
  csv: CsvSettings
  found: Required<CsvSettings> | null
  disabled: boolean
  onChange(csv: CsvSettings): void
}

/** How the CSV is understood, in one line, and the way to say otherwise. */
export function CsvLine({ csv, found, disabled, onChange }: CsvLineProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <div className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1 text-sm">
      <span className="min-w-0 [overflow-wrap:anywhere]"><span className="text-muted-foreground">Read as </span>{found ? csvWords(found) : 'CSV'}</span>
      <Popover open={isOpen} onOpenChange={setOpen}>
        <PopoverTrigger asChild><Button variant="outline" size="sm" disabled={disabled}><SlidersHorizontal aria-hidden />Edit</Button></PopoverTrigger>
        <PopoverContent aria-label="How the CSV is read" className="max-h-(--radix-popover-content-available-height) w-[30rem] max-w-(--radix-popover-content-available-width) overflow-y-auto">
          <CsvForm csv={csv} found={found} onApply={(next) => { setOpen(false); onChange(next) }} />
        </PopoverContent>
      </Popover>
    </div>
  )
}
