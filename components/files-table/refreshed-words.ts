import type { RefreshedColumns } from '@/lib/sources/files-schema'

const NAMES_SHOWN = 6

/** What looking at the files again told, in one line: "orders: 2 new columns (a, b)". */
export function refreshedWords({ name, added, missing, retyped }: RefreshedColumns): string {
  const parts = [part(added, 'new column'), part(missing, 'missing column'), part(retyped, 'changed type')].filter((words) => words !== null)
  return `${name}: ${parts.length ? parts.join(', ') : 'the same columns as before'}`
}

export function isUnchanged({ added, missing, retyped, problem }: RefreshedColumns): boolean {
  return !problem && !added.length && !missing.length && !retyped.length
}

function part(names: string[], one: string): string | null {
  if (!names.length) return null
  const more = names.length - NAMES_SHOWN
  return `${names.length} ${one}${names.length === 1 ? '' : 's'} (${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''})`
}
