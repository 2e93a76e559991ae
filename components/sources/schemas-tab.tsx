'use client'

import dynamic from 'next/dynamic'
import { SchemaList } from './schema-list'
import { useSource } from './use-source'

const UploadedFiles = dynamic(() => import('@/components/files-table/uploads/uploaded-files').then((module) => module.UploadedFiles), { ssr: false })

/** The schemas of one source on a page of their own. */
export function SchemasTab({ sourceId }: { sourceId: string }) {
  const source = useSource(sourceId)
  if (source) return <><SchemaList source={source} isPage />{source.files?.byHand ? <UploadedFiles sourceId={source.id} /> : null}</>
  return <p className="py-8 text-muted-foreground">This source was deleted.</p>
}
