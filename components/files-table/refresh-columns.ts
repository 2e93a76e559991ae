import type { QueryClient } from '@tanstack/react-query'
import { toast } from '@/components/ui/toaster'
import { statusKeys } from '@/components/syncs/status-keys'
import { refreshColumnsAction } from '@/lib/sources/files-actions'
import type { RefreshColumnsInput, RefreshedColumns } from '@/lib/sources/files-schema'
import { formatQuantity } from '@/lib/core/format'
import type { ActionResult } from '@/lib/workspace/schema'
import { isUnchanged, refreshedWords } from './refreshed-words'

/** Runs the action that it is handed and tells of its failure; see `useAction`. */
type Run = <T>(action: () => Promise<ActionResult<T>>) => Promise<{ value: T } | undefined>

/** Look at the files of tables again, and say what came of it. */
export async function refreshColumns(client: QueryClient, run: Run, sourceId: string, which: RefreshColumnsInput): Promise<void> {
  const done = await run(() => refreshColumnsAction(which))
  if (!done) return
  void client.invalidateQueries({ queryKey: statusKeys.schemas(sourceId) })
  for (const table of done.value) if (table.problem) tell(table, table.problem)
  const good = done.value.filter((table) => !table.problem)
  const changed = good.filter((table) => !isUnchanged(table))
  if (changed.length) toast.success(changed.length === 1 && changed[0] ? refreshedWords(changed[0]) : `The columns of ${formatQuantity(changed.length, 'table')} changed`, { description: changed.length === 1 ? 'The next sync reads them.' : changed.map(refreshedWords).join('; '), duration: 10_000 })
  else if (good.length) toast.success(`${good.length === 1 ? good[0]?.name : formatQuantity(good.length, 'table')}: the columns are as they were`)
}

function tell({ name }: RefreshedColumns, { title, detail, advice }: NonNullable<RefreshedColumns['problem']>): void {
  toast.error(`${name}: ${title}`, { description: [detail, advice].filter(Boolean).join('. '), duration: 10_000 })
}
