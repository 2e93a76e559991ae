'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { SchemaView } from '@/lib/sources/schema'
import { SchemaRow } from './schema-row'
import type { Selection } from './use-selection'

const ROW_PX = 37
const OVERSCAN = 12

/** Thousands of rows in a box of their own: only those in view are drawn. */
export function VirtualSchemaRows({ schemas, selection, isPage }: { schemas: SchemaView[]; selection: Selection; isPage: boolean }) {
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: schemas.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (place) => schemas[place]!.id,
    overscan: OVERSCAN,
  })
  return (
    <div ref={box} role="rowgroup" tabIndex={0} aria-label="Rows" className="overflow-y-auto [scrollbar-gutter:stable]" style={{ height: `min(${schemas.length * ROW_PX}px, ${isPage ? 'calc(100dvh - 260px)' : '70dvh'})` }}>
      <div role="presentation" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const schema = schemas[item.index]!
          return (
            <div key={item.key} role="presentation" ref={rows.measureElement} data-index={item.index} className="absolute inset-x-0 top-0" style={{ transform: `translateY(${item.start}px)` }}>
              <SchemaRow schema={schema} place={item.index} isSelected={selection.ids.has(schema.id)} onSelect={selection.toggle} />
            </div>
          )
        })}
      </div>
    </div>
  )
}
