import { sweepFiles, type Swept } from '@/lib/warehouse/sweep'

/**
 * Remove what nobody needs from the warehouse: staged files of dead runs, and versions past their retention with their
 * files. Safe beside running syncs and queries, and in several workers at once. Gives what was removed.
 */
export function sweepWarehouse(): Promise<Swept> {
  return sweepFiles()
}
