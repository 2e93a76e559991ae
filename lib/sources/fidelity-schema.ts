import type { SourceColumn } from '@/lib/core/source-column'

/** Is a column as it was upstream: in a type of the same values, in one that holds more, or as text? */
export type Verdict = 'exact' | 'widened' | 'text'

/** A column of the fidelity report. */
export interface ColumnFidelity {
  /** Its name upstream. */
  name: string
  /** Its name in the warehouse; null before the first sync. */
  column: string | null
  /** The type in the source's own words. */
  sourceType: string
  /** The type in the warehouse. */
  type: string
  verdict: Verdict
  /** Why that is so. */
  reason: string
  /** What the first rows were found to hold, where somebody looked. */
  measured: string | null
  /** The last version that changed it, among those that are kept: "New since version 12". */
  since: { version: number; at: string; words: string } | null
  /** What the next sync does to it, where the source has changed since the last one. */
  change: string | null
}

/** What becomes of a column, and why: what its connector decided, in words. */
export function fidelityOf({ type, note, fidelity }: Pick<SourceColumn, 'type' | 'note' | 'fidelity'>): { verdict: Verdict; reason: string } {
  return { verdict: fidelity ?? 'exact', reason: note ?? reasonOf(type) }
}

const WIDE_TIME = 'A value outside the years 1 to 294246 makes the column text, and nothing is lost'

const REASONS: Record<string, string> = {
  BOOLEAN: 'True and false, as upstream',
  TINYINT: 'Whole numbers of 8 bits, every one of them',
  SMALLINT: 'Whole numbers of 16 bits, every one of them',
  INTEGER: 'Whole numbers of 32 bits, every one of them',
  BIGINT: 'Whole numbers of 64 bits, every one of them',
  UTINYINT: 'Whole numbers of 8 bits without a sign, every one of them',
  USMALLINT: 'Whole numbers of 16 bits without a sign, every one of them',
  UINTEGER: 'Whole numbers of 32 bits without a sign, every one of them',
  UBIGINT: 'Whole numbers of 64 bits without a sign, every one of them',
  FLOAT: 'The same 32 bits, NaN and infinity too',
  DOUBLE: 'The same 64 bits, NaN and infinity too',
  VARCHAR: 'The same characters',
  JSON: 'The same text, digit by digit',
  BLOB: 'The same bytes',
  UUID: 'The same 128 bits',
  DATE: `Days, infinity too. ${WIDE_TIME}`,
  TIME: 'Microseconds of a day',
  TIMESTAMP: `Microseconds, infinity too. ${WIDE_TIME}`,
  TIMESTAMPTZ: `The same moment to the microsecond, shown in UTC. ${WIDE_TIME}`,
}

function reasonOf(type: string): string {
  if (type.endsWith('[]')) return `A list, each element kept so: ${inSentence(reasonOf(type.slice(0, -2)))}`
  const [, precision, scale] = /^DECIMAL\((\d+), ?(\d+)\)$/.exec(type) ?? []
  if (precision !== undefined) return `All ${precision} digits, ${scale === '0' ? 'none' : scale} of them after the point. A value that has more, or is none, makes the column text`
  return REASONS[type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : type] ?? 'The same values'
}

function inSentence(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}
