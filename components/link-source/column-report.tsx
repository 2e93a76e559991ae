import { FidelityVerdict } from '@/components/syncs/fidelity-verdict'
import { formatQuantity } from '@/lib/core/format'
import { fidelityOf, type Verdict } from '@/lib/sources/fidelity-schema'
import type { DiscoveredSchema, SourceColumn } from '@/lib/sources/schema'

/** "decimal(10,2)" and "DECIMAL(10,2)" say the same thing twice; the arrow stays, so that it can be read without knowing either. */
export function ColumnTypes({ column }: { column: SourceColumn }) {
  return (
    <span className="font-mono text-xs leading-5 text-muted-foreground">
      {column.sourceType} <span aria-label="becomes">→</span> <span className="text-foreground">{column.type}</span>
    </span>
  )
}

/** What would be lost on the way into the warehouse, in one sentence. */
export function fidelitySummary(schema: DiscoveredSchema): string {
  const count = (verdict: Verdict) => schema.columns.filter((column) => fidelityOf(column).verdict === verdict).length
  const [text, widened] = [count('text'), count('widened')]
  if (!text && !widened) return 'Every column arrives with its exact values in a type of its own. Nothing is lost.'
  const others = [text ? `${formatQuantity(text, 'column')} as the text that the source prints` : null, widened ? `${formatQuantity(widened, 'column')} in a type that holds more` : null].filter(Boolean)
  return `${schema.columns.length - text - widened} of ${formatQuantity(schema.columns.length, 'column')} arrive with their exact values in a type of their own; ${others.join(', ')}. Nothing is lost.`
}

/** The fidelity report of one table: every column, what it is upstream, what it becomes, whether that is the same, and why. */
export function ColumnReport({ schema }: { schema: DiscoveredSchema }) {
  const primaryKey = new Set(schema.primaryKey)
  return (
    <div className="grid gap-2">
      <p className="text-sm text-muted-foreground">{fidelitySummary(schema)}</p>
      <ul aria-label={`Columns of ${schema.name}`} className="grid gap-x-8 gap-y-1.5 md:grid-cols-2">
        {schema.columns.map((column) => (
          <li key={column.name} className="min-w-0 text-sm [overflow-wrap:anywhere]">
            <span className="font-mono text-xs font-medium">{column.name}</span>
            {primaryKey.has(column.name) ? <span className="text-xs text-muted-foreground"> · key</span> : null} <ColumnTypes column={column} /> <Fidelity column={column} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The verdict about a column and its reason; `measured`: what its first rows hold. */
export function Fidelity({ column, measured }: { column: SourceColumn; measured?: string | undefined }) {
  const { verdict, reason } = fidelityOf(column)
  return (
    <>
      <FidelityVerdict verdict={verdict} />
      <span className={verdict === 'text' || column.note ? 'block text-xs text-waiting' : 'block text-xs text-muted-foreground'}>{reason}{measured === undefined ? null : <span className="text-muted-foreground">. {measured}</span>}</span>
    </>
  )
}
