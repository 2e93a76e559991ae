/** The names of columns, from the header when there is one: trimmed, never empty, and unique whatever their capitals. */
export function columnNames(header: string[] | null, width: number): { names: string[]; notes: string[] } {
  const taken = new Set<string>()
  const names: string[] = []
  let [unnamed, renamed] = [0, 0]
  for (let i = 0; i < width; i++) {
    const given = (header?.[i] ?? '').replaceAll('\0', '').trim()
    if (header && given === '') unnamed++
    const wanted = given || `column${i + 1}`
    let name = wanted
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`
    if (name !== wanted) renamed++
    taken.add(name.toLowerCase())
    names.push(name)
  }
  const notes: string[] = []
  if (unnamed) notes.push(unnamed === 1 ? 'A column has no name and is called after its place' : `${unnamed} columns have no name and are called after their places`)
  if (renamed) notes.push(renamed === 1 ? 'A name comes twice; the second got a number' : `${renamed} names had come before and got a number`)
  return { names, notes }
}
