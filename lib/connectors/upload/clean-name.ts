const LENGTH_MAX = 200

/**
 * The name of a file as it is shown and asked for: without folders, without what cannot be seen, and without what means something in a pattern or in the
 * names of some system. It is never part of a path.
 */
export function cleanName(given: string): string {
  const bare = given.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const name = bare.replace(/\p{C}/gu, '').replace(/[*|?<>:"]/g, '_').replace(/\s+/g, ' ').replace(/^[\s.]+|[\s.]+$/g, '')
  return shortened(name || 'file')
}

/** The ending stays: it tells the format. */
function shortened(name: string): string {
  const letters = [...name]
  if (name.length <= LENGTH_MAX) return name
  const ending = /(\.[a-z0-9]{1,10}){1,2}$/i.exec(name)?.[0] ?? ''
  while (letters.join('').length > LENGTH_MAX - ending.length) letters.pop()
  return letters.join('') + ending
}
