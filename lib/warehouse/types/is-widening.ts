import { isExactOnlyIf } from './exact-sql'
import { mergeTypes } from './merge-types'

const NUMBER = /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|FLOAT|DOUBLE|DECIMAL\(.*\))$/

/** Does the one number type hold every value of the other, unchanged? Texts are left out: which text a source makes of a number is its own affair. */
export function isWidening(from: string, to: string): boolean {
  if (from === to || !NUMBER.test(from) || !NUMBER.test(to)) return false
  return mergeTypes(from, to) === mergeTypes(to, to) && isExactOnlyIf(from, to) === 'always'
}
