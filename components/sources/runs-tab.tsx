'use client'

import { RunList } from '@/components/syncs/run-list'
import { runLabels } from '@/components/syncs/run-words'
import { useAddress } from './use-address'

const selectClasses = 'h-8 min-w-0 max-w-64 rounded-md border border-input bg-background px-2'

/** The history of a source, by schema and outcome; the filter is in the address. */
export function RunsTab({ sourceId, schemas }: { sourceId: string; schemas: { id: string; name: string }[] }) {
  const address = useAddress()
  const schemaId = address.get('schemaId')
  const status = address.get('status')
  return (
    <>
      <div className="mb-4 flex flex-wrap gap-2">
        <select aria-label="Schema" value={schemaId ?? ''} onChange={(event) => address.set({ schemaId: event.target.value || null })} className={selectClasses}>
          <option value="">Every schema</option>
          {schemas.map((schema) => <option key={schema.id} value={schema.id}>{schema.name}</option>)}
        </select>
        <select aria-label="Outcome" value={status ?? ''} onChange={(event) => address.set({ status: event.target.value || null })} className={selectClasses}>
          <option value="">Every outcome</option>
          {Object.entries(runLabels).map(([name, label]) => <option key={name} value={name}>{label}</option>)}
        </select>
      </div>
      <RunList sourceId={sourceId} schemaId={schemaId} status={status} onShowAll={schemaId || status ? () => address.set({ schemaId: null, status: null }) : null} />
    </>
  )
}
