'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatCount, formatQuantity } from '@/lib/core/format'
import type { FilesPreview, PreviewColumn } from '@/lib/sources/files-schema'
import { chosenTypes } from './chosen-types'

const COLUMNS_SHOWN = 60

interface PreviewGridProps {
  preview: Pick<FilesPreview, 'columns' | 'rows'>
  /** What people chose, by column; it may be newer than the preview. */
  types: Record<string, string>
  /** Is it of a look before, since the last one failed? */
  isOld: boolean
  disabled: boolean
  /** Null: the type that is found. Absent: a Delta table, whose log says which types it has. */
  onType?: ((column: string, type: string | null) => void) | undefined
}

/** The first rows of the first file, and above them each column's type, which can be chosen where it is found. */
export function PreviewGrid({ preview: { columns, rows }, types, isOld, disabled, onType }: PreviewGridProps) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? columns : columns.slice(0, COLUMNS_SHOWN)
  return (
    <section className="min-w-0">
      <h3 className="text-sm font-medium tabular">{formatQuantity(columns.length, 'column')}, {isOld ? 'as they were before: ' : ''}{rows.length ? `the first ${rows.length === 1 ? 'row' : formatQuantity(rows.length, 'row')}` : 'no rows'}</h3>
      {onType ? null : <p className="text-sm text-muted-foreground">The types are those of the Delta table, and cannot be chosen.</p>}
      <div tabIndex={0} role="group" aria-label="First rows" className="mt-1.5 max-h-80 overflow-auto rounded-md border">
        <table className="min-w-full border-separate border-spacing-0 text-xs">
          <thead>
            <tr>
              {shown.map((column) => <ColumnHead key={column.name} column={column} chosen={types[column.name] ?? null} disabled={disabled} onType={onType && ((type) => onType(column.name, type))} />)}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place} className={cn('hover:bg-subtle', isOld && 'opacity-60')}>
                {shown.map((column, at) => <Cell key={column.name} value={row[at] ?? null} isNumber={isNumber(column)} />)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ColumnNotes columns={columns} />
      {shown.length < columns.length ? <Button variant="link" className="mt-1 h-auto p-0 text-sm" onClick={() => setWhole(true)}>Show all {formatCount(columns.length)} columns</Button> : null}
    </section>
  )
}

/** Why a column is not what one would expect, in words that need no pointer. */
function ColumnNotes({ columns }: { columns: PreviewColumn[] }) {
  const noted = columns.filter(({ note }) => note)
  if (!noted.length) return null
  return (
    // a list that scrolls must be reachable by keyboard
    <ul aria-label="Columns with a note" tabIndex={0} className="mt-1.5 grid max-h-32 gap-0.5 overflow-y-auto text-xs text-waiting">
      {noted.map(({ name, note }) => <li key={name} className="[overflow-wrap:anywhere]"><span aria-hidden>* </span><code className="font-medium">{name}</code> {note}</li>)}
    </ul>
  )
}

interface TypeChoiceProps {
  column: PreviewColumn
  chosen: string | null
  disabled: boolean
  onType(type: string | null): void
}

type ColumnHeadProps = Omit<TypeChoiceProps, 'onType'> & { onType: TypeChoiceProps['onType'] | undefined }

function ColumnHead({ column, chosen, disabled, onType }: ColumnHeadProps) {
  return (
    <th scope="col" title={column.note ?? undefined} className="sticky top-0 z-10 h-13 border-b bg-subtle px-2 py-1 text-left align-top font-normal not-last:border-r">
      <span className="block max-w-56 truncate font-mono font-medium" title={column.name}>{column.name}{column.note ? <span className="text-waiting" aria-hidden> *</span> : null}</span>
      {column.note ? <span className="sr-only">{column.note}</span> : null}
      {onType ? <TypeChoice column={column} chosen={chosen} disabled={disabled} onType={onType} /> : <span className="mt-0.5 block h-5.5 max-w-56 truncate font-mono leading-5.5 text-muted-foreground" title={column.type}>{column.type}</span>}
    </th>
  )
}

/** The browser's own menu: a table may have a thousand columns. */
function TypeChoice({ column, chosen, disabled, onType }: TypeChoiceProps) {
  const others = chosenTypes.filter((type) => type !== column.type)
  return (
    <select
      aria-label={`Type of ${column.name}`}
      disabled={disabled}
      value={chosen ?? ''}
      onChange={(event) => onType(event.target.value || null)}
      className={cn('mt-0.5 -ml-[5px] h-5.5 w-[calc(100%+5px)] min-w-24 max-w-56 cursor-pointer rounded-sm border border-transparent bg-transparent font-mono text-xs hover:border-input disabled:cursor-default', chosen ? 'text-link' : 'text-muted-foreground')}
    >
      <option value="">{chosen ? `${column.type} (found)` : column.type}</option>
      {chosen !== null && !others.includes(chosen) ? <option value={chosen}>{chosen}</option> : null}
      {others.map((type) => <option key={type} value={type}>{type}</option>)}
    </select>
  )
}

function Cell({ value, isNumber: isRight }: { value: string | null; isNumber: boolean }) {
  return (
    <td className={cn('h-7 max-w-72 truncate border-b px-2 font-mono whitespace-pre not-last:border-r', isRight && 'text-right')} title={value ?? undefined}>
      {value === null ? <span className="text-muted-foreground italic">NULL</span> : value}
    </td>
  )
}

function isNumber({ type, chosenType }: PreviewColumn): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|REAL|DECIMAL)/.test(chosenType ?? type)
}
