import { checkCircles } from './circles'
import { checkDocPaths } from './doc-paths'
import { checkFloors } from './floors'
import { checkNames } from './names'
import { checkConnectors, checkOwners } from './owners'
import { checkReaches } from './reaches'
import { checkSizes } from './sizes'
import { readSourceFiles } from './source-files'
import type { Violation } from './violation'

/** Every breach of the house rules in the project folder; there is no list of exceptions. */
export function checkHouse(root: string): { files: number; violations: Violation[] } {
  const files = readSourceFiles(root)
  const checks = [checkFloors, checkCircles, checkOwners, checkConnectors, checkReaches, checkSizes, checkNames]
  return { files: files.length, violations: [...checks.flatMap((check) => check(files)), ...checkDocPaths(root)] }
}
