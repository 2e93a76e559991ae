import type { FilesSettings } from '@/lib/core/files-settings'

/** The type that people chose for a column; null when none, and of a Delta table, whose log says which types it has. */
export function chosenType({ format, types }: FilesSettings, column: string): string | null {
  return format !== 'delta' && Object.hasOwn(types, column) ? (types[column] ?? null) : null
}
