import { TrackedSource } from './tracked-source'

export const SHOP_ROWS = 6_000

/** The same source in every process: as it was, and as it is after changes of every kind. */
export function trackedShop(isAfter: boolean): TrackedSource {
  const source = new TrackedSource()
  source.batchRows = () => 500
  source.putMany(SHOP_ROWS)
  if (!isAfter) return source
  source.putMany(1_000, 2_000, { text: 'changed' })
  source.remove({ parent: 'p_7' })
  source.putMany(500, SHOP_ROWS, { nickname: 'new' })
  source.remove({ id: 't_000001' })
  source.putMany(1, 1, { text: 'back' })
  source.removeSilently({ parent: 'p_8' })
  return source
}
