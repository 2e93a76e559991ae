import type { FilesSettings } from '@/lib/core/files-settings'
import type { Inspection, ReadColumn } from '@/lib/warehouse/formats/format'

/** The columns of a file that are read, each as what was found in it, or as the type that people chose. */
export function readColumns({ columns }: Inspection, { types }: FilesSettings, columnNames: string[] | null): ReadColumn[] {
  return columns.filter(({ name }) => columnNames === null || columnNames.includes(name)).map((column) => {
    const chosen = Object.hasOwn(types, column.name) ? types[column.name] : undefined
    return { ...column, as: chosen ?? column.type, isChosen: chosen !== undefined }
  })
}
