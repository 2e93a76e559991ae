import type { SourceFile } from './source-files'
import type { Violation } from './violation'

/** Files that import each other in a ring; each ring is told once, from its first file by name. */
export function checkCircles(files: SourceFile[]): Violation[] {
  const imports = new Map(files.map((file) => [file.file, file.imports.flatMap((imported) => imported.file ?? [])]))
  const done = new Set<string>()
  const found = new Map<string, string[]>()
  const visit = (file: string, trail: string[]) => {
    const at = trail.indexOf(file)
    if (at >= 0) {
      const ring = trail.slice(at)
      found.set([...ring].sort().join(' '), ring)
      return
    }
    if (done.has(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return [...found.values()].map((ring) => ({ rule: 'circles', file: ring[0] ?? '', line: 1, words: `imports itself in a circle: ${[...ring, ring[0]].join(' → ')}` }))
}
