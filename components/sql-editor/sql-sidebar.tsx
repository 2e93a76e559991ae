'use client'

import type { Route } from 'next'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/skeleton'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs'
import type { QueryRunView, SavedQueryView } from '@/lib/sql-editor/schema'
import type { TableView } from '@/lib/tables/schema'
import { QueryHistory, SavedQueries } from './query-lists'
import { TableTree } from './table-tree'

export interface SqlSidebarProps {
  /** Undefined while they are fetched. */
  tables: TableView[] | undefined
  saved: SavedQueryView[]
  runs: QueryRunView[]
  onInsert(text: string): void
  onPreview(table: TableView): void
  onOpenSaved(query: SavedQueryView): void
  onOpenRun(run: QueryRunView): void
}

const panel = 'mt-0 flex min-h-0 flex-1 flex-col pt-0 data-[state=inactive]:hidden'

/** Beside the editor: tables, saved queries, history. */
export function SqlSidebar({ tables, saved, runs, onInsert, onPreview, onOpenSaved, onOpenRun }: SqlSidebarProps) {
  return (
    <Tabs defaultValue="tables" className="flex h-full min-h-0 flex-col">
      <TabsList className="shrink-0 px-3">
        <TabsTrigger value="tables">Tables</TabsTrigger>
        <TabsTrigger value="saved">Saved</TabsTrigger>
        <TabsTrigger value="history">History</TabsTrigger>
      </TabsList>
      <TabsContent value="tables" className={panel}>
        {tables === undefined ? <TreeSkeleton /> : tables.length === 0 ? <NoTables /> : <TableTree tables={tables} onInsert={onInsert} onPreview={onPreview} />}
      </TabsContent>
      <TabsContent value="saved" className={panel}><SavedQueries queries={saved} onOpen={onOpenSaved} /></TabsContent>
      <TabsContent value="history" className={panel}><QueryHistory runs={runs} onOpen={onOpenRun} /></TabsContent>
    </Tabs>
  )
}

function NoTables() {
  return (
    <div className="px-4 py-8 text-center text-sm text-muted-foreground">
      <p>There are no tables yet. Link a source; its tables are listed here as soon as they are synced.</p>
      <Button asChild size="sm" className="mt-3"><Link href={'/sources/new' as Route}>Link source</Link></Button>
    </div>
  )
}

function TreeSkeleton() {
  return (
    <div className="grid gap-2 p-3" role="status" aria-label="Loading the tables">
      {[60, 80, 72, 66, 84, 58].map((width) => <Skeleton key={width} className="h-4" style={{ width: `${width}%` }} />)}
    </div>
  )
}
