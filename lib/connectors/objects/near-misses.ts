const MOST = 3

/** What stands where a pattern finds nothing, in words: the endings of the names under its prefix. @param keys some of them, not those that match */
export function nearMisses(keys: string[], prefix: string): string {
  const under = prefix === '' ? 'in the bucket' : `under ${prefix}`
  if (keys.length === 0) return `Nothing is ${under}`
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(endingOf(key), (counts.get(endingOf(key)) ?? 0) + 1)
  const told = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST).map(([ending, count]) => `${count} ${ending === '' ? 'without an ending' : `ending in ${ending}`}`)
  return `Of the first ${keys.length} names ${under}: ${told.join(', ')}; for example ${(keys[0] ?? '').slice(0, 200)}`
}

/** `.csv.gz` */
function endingOf(key: string): string {
  return /(\.[a-z0-9]{1,10}){1,2}$/i.exec(key.slice(key.lastIndexOf('/') + 1))?.[0].toLowerCase() ?? ''
}
