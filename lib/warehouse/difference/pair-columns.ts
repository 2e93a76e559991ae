import { mergeTypes } from '../types/merge-types'
import type { TableSnapshot, VersionColumn } from '../version'

/** A column in two versions of a table. */
export interface PairedColumn {
  name: string
  /** Its type in each; null where it is not. */
  before: VersionColumn | null
  after: VersionColumn | null
  /** The type by which its values are compared; null when they are not: it is in one version alone, or ours. */
  comparedAs: string | null
  isKey: boolean
}

/**
 * The columns of two versions, side by side: those of the later one in their order, then those that are gone. What a column is called upstream makes it the same one, whatever
 * its type. One that came or went with the versions changes no row by that: it is told by itself.
 */
export function pairColumns(before: TableSnapshot, after: TableSnapshot, keyNames: string[]): PairedColumn[] {
  const pairs = after.columns.map((column): PairedColumn => pair(before.columns.find((other) => isSame(other, column)) ?? null, column))
  const gone = before.columns.filter((column) => !after.columns.some((other) => isSame(column, other)))
  const columns = [...pairs, ...gone.map((column) => pair(column, null))]
  const keys = keysOf(before, after, keyNames)
  const canServe = keys.length > 0 && keys.every((key) => columns.some(({ name, after: of, comparedAs }) => comparedAs !== null && (of?.sourceName ?? name) === key))
  return columns.map((column) => ({ ...column, isKey: canServe && column.comparedAs !== null && keys.includes(column.after?.sourceName ?? '') }))
}

function isSame(a: VersionColumn, b: VersionColumn): boolean {
  return a.sourceName === null ? b.sourceName === null && a.name === b.name : a.sourceName === b.sourceName
}

function pair(before: VersionColumn | null, after: VersionColumn | null): PairedColumn {
  const isCompared = before !== null && after !== null && after.sourceName !== null && before.isPresent && after.isPresent
  const comparedAs = isCompared ? (before.type === after.type ? after.type : mergeTypes(before.type, after.type)) : null
  return { name: (after ?? before)?.name ?? '', before, after, comparedAs, isKey: false }
}

/** By what the rows were merged in both versions, else the key of the table upstream. */
function keysOf(before: TableSnapshot, after: TableSnapshot, keyNames: string[]): string[] {
  const [former, latter] = [before, after].map(({ columns }) => columns.flatMap(({ isKey, sourceName }) => (isKey && sourceName !== null ? [sourceName] : [])).sort())
  if (former?.length && former.join('\0') === latter?.join('\0')) return former
  return keyNames
}
