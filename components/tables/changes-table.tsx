import { cn } from '@/components/ui/cn'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { CellValue, ChangeView, ComparedColumn } from '@/lib/tables/versions-schema'

const marks = {
  inserted: { sign: '+', word: 'Inserted', tone: 'text-fine' },
  updated: { sign: '~', word: 'Updated', tone: 'text-running' },
  deleted: { sign: '−', word: 'Deleted', tone: 'text-broken' },
} as const

/** Rows that differ: an updated one shows what each changed cell was and is. */
export function ChangesTable({ columns, changes }: { columns: ComparedColumn[]; changes: ChangeView[] }) {
  const shown = columns.flatMap((column, place) => (column.name.startsWith('_') && !column.isCompared ? [] : [{ ...column, place }])).sort((a, b) => Number(b.isKey) - Number(a.isKey))
  return (
    <Table aria-label="Changed rows" scrollLabel="Changed rows, scrolling sideways" className="w-max min-w-full text-sm">
      <TableHeader>
        <TableRow>
          <TableHead className="w-28">Change</TableHead>
          {shown.map(({ name, typeBefore, typeAfter, place }) => <TableHead key={place} title={typeAfter ?? typeBefore ?? undefined}>{name}</TableHead>)}
        </TableRow>
      </TableHeader>
      <TableBody>
        {changes.map((change, row) => (
          <TableRow key={row} data-change={change.kind}>
            <TableCell className={cn('whitespace-nowrap', marks[change.kind].tone)}><span aria-hidden className="mr-1.5 inline-block w-2 font-mono">{marks[change.kind].sign}</span>{marks[change.kind].word}</TableCell>
            {shown.map(({ place, isKey }) => <ChangedCell key={place} change={change} place={place} isKey={isKey} />)}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function ChangedCell({ change, place, isKey }: { change: ChangeView; place: number; isKey: boolean }) {
  const { before, after, changed } = change
  if (changed.includes(place)) {
    return (
      <TableCell className="max-w-96 bg-running/5">
        <del className="block truncate text-muted-foreground line-through decoration-broken/60" title={textOf(before?.[place])}><span className="sr-only">was </span><Value value={before?.[place]} /></del>
        <ins className="block truncate font-medium no-underline" title={textOf(after?.[place])}><span className="sr-only">is </span><Value value={after?.[place]} /></ins>
      </TableCell>
    )
  }
  const value = (after ?? before)?.[place]
  return <TableCell className={cn('max-w-96 truncate', change.kind === 'deleted' && 'text-muted-foreground line-through decoration-broken/60', isKey && 'font-medium')} title={textOf(value)}><Value value={value} /></TableCell>
}

/** NULL is a word of its own, an empty text a sign: neither looks like another value. */
function Value({ value }: { value: CellValue | undefined }) {
  if (value === null || value === undefined) return <span className="inline-block rounded-sm bg-muted px-1 font-mono text-[11px] text-muted-foreground">NULL</span>
  if (value === '') return <span className="font-mono text-[11px] text-muted-foreground">“”</span>
  return <span className={typeof value === 'object' ? 'font-mono text-xs' : undefined}>{textOf(value).replace(/\r?\n|\r/g, ' ↵ ')}</span>
}

function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
