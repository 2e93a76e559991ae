/**
 * A name for each key: the key itself. Names that differ in capitals alone are one to the engine, and no name may be empty: those get a number, which does
 * not depend on the order of the keys.
 */
export function columnNames(keys: readonly string[]): Map<string, string> {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  // from the end of the alphabet, where the small letters are: they keep their names
  for (const key of keys.toSorted((a, b) => (a < b ? 1 : -1))) {
    const wanted = key === '' || key.includes('\0') ? 'column' : key
    let name = wanted
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${wanted}_${number}`
    taken.add(name.toLowerCase())
    names.set(key, name)
  }
  return names
}

/** In words, which keys have other names as columns. */
export function renameNotes(names: ReadonlyMap<string, string>): string[] {
  const renamed = [...names].filter(([key, name]) => key !== name)
  if (renamed.length === 0) return []
  const shown = renamed.slice(0, 5).map(([key, name]) => `${JSON.stringify(key)} is ${name}`)
  return [`Fields with an empty name, or one that differs from another in capitals alone, have a number: ${shown.join(', ')}${renamed.length > 5 ? ' …' : ''}`]
}
