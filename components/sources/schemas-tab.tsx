'use client'

import { SchemaList } from './schema-list'
import { useSource } from './use-source'

/** The schemas of one source on a page of their own. */
export function SchemasTab({ sourceId }: { sourceId: string }) {
  const source = useSource(sourceId)
  return source ? <SchemaList source={source} isPage /> : <p className="py-8 text-muted-foreground">This source was deleted.</p>
}
