'use client'

import { Upload } from 'lucide-react'
import { useEffect, useRef, useState, type DragEvent } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'

const accepted = '.csv,.tsv,.tab,.psv,.txt,.json,.jsonl,.ndjson,.parquet,.pqt,.xlsx,.gz,.zst,.zip'

interface DropZoneProps {
  /** Lower, where it stands beside a list that is the main thing. */
  isSmall?: boolean
  disabled?: boolean
  onFiles(files: File[]): void
}

/** Where files are dropped; the button opens the browser's own dialog, and is the way for a keyboard. */
export function DropZone({ isSmall = false, disabled = false, onFiles }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useMissedDrops()

  function take(files: File[], folders = 0): void {
    setProblem(folders ? 'Folders cannot be uploaded: drop the files that are in them.' : null)
    if (files.length) onFiles(files)
  }

  function drop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    if (disabled) return
    const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file')
    const isFolder = items.map((item) => item.webkitGetAsEntry()?.isDirectory === true)
    take([...event.dataTransfer.files].filter((_, place) => !isFolder[place]), isFolder.filter(Boolean).length)
  }

  return (
    <div>
      <div
        data-drop-zone
        onDragEnter={() => setOver(!disabled)}
        onDragOver={(event) => event.preventDefault()}
        onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false) }} // what is entered is a node, or outside of the page
        onDrop={drop}
        className={cn('flex flex-col items-center justify-center gap-2 rounded-md border border-dashed border-input px-4 text-center transition-colors', isSmall ? 'py-4' : 'py-9', isOver && 'border-primary bg-primary/5')}
      >
        <Upload aria-hidden className={cn('stroke-[1.5] text-muted-foreground', isSmall ? 'size-5' : 'size-6')} />
        <p>{isOver ? 'Let go to upload' : 'Drop files here, or'}</p>
        <Button variant="outline" size="sm" disabled={disabled} onClick={() => input.current?.click()}>Choose files</Button>
        <p className="text-sm text-muted-foreground">CSV, JSON, Parquet or Excel, up to 2 GB each; also as .gz, .zst or .zip</p>
        <input ref={input} type="file" multiple hidden accept={accepted} aria-label="Files to upload" onChange={(event) => { take([...(event.target.files ?? [])]); event.target.value = '' }} />
      </div>
      {problem ? <p role="alert" className="mt-1.5 text-sm text-broken">{problem}</p> : null}
    </div>
  )
}

/** A file that is dropped beside the zone would take the browser away from the page. */
function useMissedDrops() {
  useEffect(() => {
    const stay = (event: Event) => event.preventDefault()
    window.addEventListener('dragover', stay)
    window.addEventListener('drop', stay)
    return () => {
      window.removeEventListener('dragover', stay)
      window.removeEventListener('drop', stay)
    }
  }, [])
}
