'use client'

import { useEffect, useRef, useState } from 'react'
import { Field } from '@/components/ui/field'
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select'
import { toast } from '@/components/ui/toaster'
import { useAction } from '@/components/syncs/use-action'
import { formatQuantity } from '@/lib/core/format'
import { addUploadsAction } from '@/lib/sources/upload-actions'
import type { SourceUploads } from '@/lib/sources/upload-schema'
import { DropZone } from './drop-zone'
import { sentFiles } from './upload-item'
import { UploadList } from './upload-list'
import { useUploads } from './use-uploads'

/** More files for the tables of a linked source. Those that arrived become part of the chosen table once none is under way. */
export function AddUploads({ uploads: { folder, tables }, onChanged }: { uploads: SourceUploads; onChanged(): void }) {
  const [first] = tables
  const [chosen, setChosen] = useState<string | null>(null)
  const schemaId = chosen ?? first?.schemaId ?? null
  const action = useAction()
  const uploading = useUploads({ folder, onDone: () => undefined })
  const names = sentFiles(uploading.items).map(({ name }) => name)
  const isReady = !uploading.isUnderWay && names.length > 0

  const finish = useRef<() => Promise<void>>(async () => undefined)
  useEffect(() => {
    finish.current = async () => {
      const table = tables.find((each) => each.schemaId === schemaId)
      uploading.forgetDone()
      if (table && (await action.run(() => addUploadsAction({ schemaId: table.schemaId, names })))) toast.success(`${formatQuantity(names.length, 'file')} added to ${table.name}`, { description: 'A sync has begun.' })
      onChanged()
    }
  })
  useEffect(() => {
    if (isReady) void finish.current()
  }, [isReady])

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      {tables.length > 1 ? (
        <Field label="Add files to" className="max-w-xs">
          {(parts) => (
            <Select value={schemaId ?? ''} disabled={uploading.isUnderWay} onValueChange={setChosen}>
              <SelectTrigger {...parts}><SelectValue /></SelectTrigger>
              <SelectContent>{tables.map((table) => <SelectItem key={table.schemaId} value={table.schemaId}>{table.name}</SelectItem>)}</SelectContent>
            </Select>
          )}
        </Field>
      ) : null}
      <DropZone isSmall onFiles={uploading.add} />
      <UploadList items={uploading.items} onRemove={uploading.remove} onRetry={uploading.retry} />
    </div>
  )
}
