import type { ComparedColumn } from '@/lib/tables/versions-schema'

/** Columns that came, went or have another type: they change no row by that. */
export function ColumnNotes({ columns }: { columns: ComparedColumn[] }) {
  const notes = columns.flatMap(({ name, typeBefore, typeAfter, isCompared }) => {
    if (typeBefore === null) return [{ name, words: `came, as ${String(typeAfter)}` }]
    if (typeAfter === null) return [{ name, words: 'is gone' }]
    if (typeBefore !== typeAfter) return [{ name, words: `was ${typeBefore} and is ${typeAfter}${isCompared ? '; its values are compared as they are' : ''}` }]
    return isCompared || name.startsWith('_') ? [] : [{ name, words: 'is no longer in the source in one of the versions' }]
  })
  if (!notes.length) return null
  return (
    <ul aria-label="Columns that differ" className="mb-3 rounded-md border px-3 py-1.5 text-sm">
      {notes.map(({ name, words }) => <li key={name} className="py-0.5 [overflow-wrap:anywhere]">Column <code className="font-medium">{name}</code> {words}.</li>)}
    </ul>
  )
}
