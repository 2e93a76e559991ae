import { formatQuantity } from './format'

/** How many rows of a table differ from its source, by how they do. */
export interface RowDifferences {
  gone: number
  missing: number
  different: number
}

/** "3 rows gone at the source, 1 row missing here"; null where more differ than are read, or no key tells them apart. */
export function differenceWords(differences: RowDifferences | null): string {
  if (!differences) return 'Rows differ that were not read one by one'
  const { gone, missing, different } = differences
  const parts = [gone && `${formatQuantity(gone, 'row')} gone at the source`, missing && `${formatQuantity(missing, 'row')} missing here`, different && `${formatQuantity(different, 'row')} with other values`]
  return parts.filter(Boolean).join(', ')
}
