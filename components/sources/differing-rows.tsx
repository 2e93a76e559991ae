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
      <div tabIndex={0} role="region" aria-label="Source and warehouse side by side" className="overflow-x-auto rounded-md border">
        <table className="w-full min-w-120 text-sm">
          <thead className="bg-subtle text-left text-muted-foreground">
            <tr>{['Row', 'Column', 'Source', 'Here'].map((head) => <th key={head} scope="col" className="px-3 py-1.5 font-medium">{head}</th>)}</tr>
          </thead>
          <tbody>{shown.rows.map((row, place) => <DifferingRow key={place} row={row} columns={shown.columns} keys={shown.key} />)}</tbody>
        </table>
      </div>
    </section>
  )
}

function DifferingRow({ row: { kind, source, ours }, columns, keys }: { row: Row; columns: string[]; keys: string[] }) {
  const values = source ?? ours ?? []
  const name = keys.map((key) => values[columns.indexOf(key)] ?? 'NULL').join(', ')
  // of a row that one side lacks all its values are shown, else those that differ
  const lines = columns.flatMap((column, index) => (kind === 'different' && source?.[index] === ours?.[index] ? [] : [{ column, source: source?.[index], ours: ours?.[index] }]))
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
