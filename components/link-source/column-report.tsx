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
  const noted = schema.columns.filter((column) => column.note).length
  if (!noted) return 'Every column arrives with its exact value. Nothing is lost.'
  const rest = schema.columns.length - noted
  return `${rest} of ${schema.columns.length} columns arrive with their exact value and type; ${noted === 1 ? 'one is' : `${noted} are`} kept as described.`
}

/** The fidelity report of one table: every column, what it is upstream, what it becomes, and why where that is not the same. */
export function ColumnReport({ schema }: { schema: DiscoveredSchema }) {
  const primaryKey = new Set(schema.primaryKey)
  return (
    <div className="grid gap-2">
      <p className="text-sm text-muted-foreground">{fidelitySummary(schema)}</p>
      <ul aria-label={`Columns of ${schema.name}`} className="grid gap-x-8 gap-y-1 md:grid-cols-2">
        {schema.columns.map((column) => (
          <li key={column.name} className="min-w-0 text-sm [overflow-wrap:anywhere]">
            <span className="font-mono text-xs font-medium">{column.name}</span>
            {primaryKey.has(column.name) ? <span className="text-xs text-muted-foreground"> · key</span> : null} <ColumnTypes column={column} />
            {column.note ? <p className="text-xs text-waiting">{column.note}</p> : null}
          </li>
        ))}
      </ul>
    </div>
  )
}
