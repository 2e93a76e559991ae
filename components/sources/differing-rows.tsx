import { cn } from '@/components/ui/cn'
import type { ProofDetail } from '@/lib/sources/schema'

type Row = ProofDetail['shown']['rows'][number]

const kinds: Record<Row['kind'], string> = { gone: 'Gone at the source', missing: 'Missing here', different: 'Other values' }

/** The rows that differed, a line for each value: the source's beside ours. */
export function DifferingRows({ proof: { shown, differences, reconciled } }: { proof: Pick<ProofDetail, 'shown' | 'differences' | 'reconciled'> }) {
  const total = differences ? differences.gone + differences.missing + differences.different : shown.rows.length
  return (
    <section aria-label="Rows that differed" className="grid gap-2">
      <h3 className="font-medium">{reconciled ? 'What was brought in line' : 'Rows that differ'}{total > shown.rows.length ? `, the first ${shown.rows.length} of ${total}` : ''}</h3>
      {/* a table that scrolls must be reachable by keyboard */}
      <div tabIndex={0} role="region" aria-label="Source and warehouse side by side" className="hidden overflow-x-auto rounded-md border sm:block">
        <table className="w-full min-w-120 text-sm">
          <thead className="bg-subtle text-left text-muted-foreground">
            <tr>{['Row', 'Column', 'Source', 'Here'].map((head, place) => <th key={head} scope="col" className={cn('px-3 py-1.5 font-medium', place < 2 && 'w-36')}>{head}</th>)}</tr>
          </thead>
          <tbody>{shown.rows.map((row, place) => <DifferingRow key={place} row={row} columns={shown.columns} keys={shown.key} />)}</tbody>
        </table>
      </div>
      {/* a box that scrolls must be reachable by keyboard: the dialog around it does */}
      <ul tabIndex={0} aria-label="Source and warehouse, one below the other" className="rounded-md border sm:hidden">
        {shown.rows.map((row, place) => <StackedRow key={place} row={row} columns={shown.columns} keys={shown.key} />)}
      </ul>
    </section>
  )
}

interface RowProps {
  row: Row
  columns: string[]
  keys: string[]
}

function nameOf({ row: { source, ours }, columns, keys }: RowProps): string {
  const values = source ?? ours ?? []
  return keys.map((key) => values[columns.indexOf(key)] ?? 'NULL').join(', ')
}

/** Of a row that one side lacks all its values are shown, else those that differ. */
function linesOf({ row: { kind, source, ours }, columns }: RowProps) {
  return columns.flatMap((column, index) => (kind === 'different' && source?.[index] === ours?.[index] ? [] : [{ column, source: source?.[index], ours: ours?.[index] }]))
}

/** Where there is no room for two values side by side they stand one below the other. Of a row that one side lacks its words say which one. */
function StackedRow(props: RowProps) {
  const { kind, source, ours } = props.row
  const isOfBoth = source !== null && ours !== null
  return (
    <li className="border-t px-3 py-2 text-sm first:border-t-0">
      <p className="[overflow-wrap:anywhere]"><span className="font-medium">{nameOf(props)}</span> <span className="text-xs text-muted-foreground">{kinds[kind]}</span></p>
      <dl className="mt-1 grid gap-1.5">
        {linesOf(props).map((line) => (
          <div key={line.column}>
            <dt className="text-xs [overflow-wrap:anywhere] text-muted-foreground">{line.column}</dt>
            {source ? <StackedValue label={isOfBoth ? 'Source' : null} value={line.source} /> : null}
            {ours ? <StackedValue label={isOfBoth ? 'Here' : null} value={line.ours} /> : null}
          </div>
        ))}
      </dl>
    </li>
  )
}

function StackedValue({ label, value }: { label: string | null; value: string | null | undefined }) {
  return (
    <dd className="flex items-baseline gap-2">
      {label ? <span className="w-12 shrink-0 text-xs text-muted-foreground">{label}</span> : null}
      <span className="min-w-0"><Value value={value} isThere /></span>
    </dd>
  )
}

function DifferingRow(props: RowProps) {
  const { kind, source, ours } = props.row
  const [name, lines] = [nameOf(props), linesOf(props)]
  return lines.map(({ column, ...line }, place) => (
    <tr key={column} className={cn(place === 0 ? 'border-t' : '')}>
      {place === 0 ? <th scope="rowgroup" rowSpan={lines.length} className="max-w-48 px-3 py-1.5 text-left align-top font-normal [overflow-wrap:anywhere]"><span className="font-medium">{name}</span><br /><span className="text-xs text-muted-foreground">{kinds[kind]}</span></th> : null}
      <td className="px-3 py-1 align-top [overflow-wrap:anywhere] text-muted-foreground">{column}</td>
      <td className="px-3 py-1 align-top"><Value value={line.source} isThere={source !== null} /></td>
      <td className="px-3 py-1 align-top"><Value value={line.ours} isThere={ours !== null} /></td>
    </tr>
  ))
}

function Value({ value, isThere }: { value: string | null | undefined; isThere: boolean }) {
  if (!isThere) return <span className="text-muted-foreground">no row</span>
  if (value === null || value === undefined) return <span className="text-muted-foreground italic">NULL</span>
  return <code className="[overflow-wrap:anywhere] whitespace-pre-wrap">{value === '' ? '\'\'' : value}</code>
}
