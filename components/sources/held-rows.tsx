import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { HeldSample } from '@/lib/core/held-difference'

/** Some of the rows that would be gone or others; where a value would be another, both of them. */
export function HeldRows({ sample: { columns, rows } }: { sample: HeldSample }) {
  return (
    // a table that scrolls must be reachable by keyboard
    <div role="region" aria-label="Some of these rows" tabIndex={0} className="max-h-72 overflow-auto rounded-md border">
      <Table aria-label="Some of these rows">
        <TableHeader>
          <TableRow>
            <TableHead className="w-20">Row</TableHead>
            {columns.map((column) => <TableHead key={column} className="font-mono text-xs">{column}</TableHead>)}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map(({ before, after }, place) => (
            <TableRow key={place}>
              <TableCell className="whitespace-nowrap">{after ? 'Changed' : 'Gone'}</TableCell>
              {before.map((value, column) => (
                <TableCell key={columns[column]} className="max-w-56 font-mono text-xs">
                  {after && after[column] !== value ? <><del className="block truncate text-muted-foreground" title={value ?? 'NULL'}><Value value={value} /></del><ins className="block truncate no-underline" title={after[column] ?? 'NULL'}><Value value={after[column] ?? null} /></ins></> : <span className="block truncate" title={value ?? 'NULL'}><Value value={value} /></span>}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

function Value({ value }: { value: string | null }) {
  return value === null ? <span className="text-muted-foreground italic">NULL</span> : value
}
