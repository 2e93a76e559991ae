const SUGGESTIONS_MAX = 3
const COMPARED_LENGTH = 80

/** The names that a mistyped one may have meant, best first. */
export function nearNames(name: string, names: string[]): string[] {
  const wanted = name.toLowerCase().slice(0, COMPARED_LENGTH)
  if (wanted === '') return []
  const scored: { one: string; score: number }[] = []
  for (const one of names) {
    const there = one.toLowerCase().slice(0, COMPARED_LENGTH)
    const isPart = wanted.length >= 3 && (there.endsWith(`_${wanted}`) || there.endsWith(`.${wanted}`))
    const score = isPart ? 0.5 : distance(wanted, there, Math.max(2, Math.floor(wanted.length / 3)))
    if (Number.isFinite(score)) scored.push({ one, score })
  }
  return scored.sort((a, b) => a.score - b.score || a.one.length - b.one.length).slice(0, SUGGESTIONS_MAX).map(({ one }) => one)
}

/** Letters to change, add or remove between two words; infinity above `max`. */
function distance(a: string, b: string, max: number): number {
  if (Math.abs(a.length - b.length) > max) return Infinity
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    if (Math.min(...current) > max) return Infinity
    previous = current
  }
  const last = previous[b.length] ?? Infinity
  return last <= max ? last : Infinity
}
