/** Which keys of a bucket are meant. */
export interface KeyPattern {
  /** What every key begins with that matches: the listing asks for these alone. */
  prefix: string
  /** Without a wildcard: the one key that can match. */
  only: string | null
  matches(key: string): boolean
}

/** What a key goes through from left to right. */
type Part =
  | { kind: 'unit'; code: number }
  /** `*`: anything within a segment. */
  | { kind: 'segment' }
  /** `**`: anything. */
  | { kind: 'any' }
  /** `**` as a whole segment: whole segments, or none. */
  | { kind: 'folders' }

const SLASH = 47

/**
 * `*` stands for any characters within a segment, or none; `**` for any characters at all, and between two slashes for no segment too, so that
 * `a/` and b.csv with `**` between them have a/b.csv. Everything else stands for itself. Keys are compared as they are: no case is folded, no slash
 * is joined, no letter is normalised. @param texts literal texts, in turn with the wildcards between them
 */
export function keyPattern(texts: string[], wildcards: ('*' | '**')[]): KeyPattern {
  const prefix = texts[0] ?? ''
  if (wildcards.length === 0) return { prefix, only: prefix, matches: (key) => key === prefix }
  const parts = partsOf(texts, wildcards)
  const suffix = endOf(parts)
  // most keys are told apart by the way they begin and end, and most patterns have one wildcard between the two
  const fits = (key: string) => key.length >= prefix.length + suffix.length && key.startsWith(prefix) && key.endsWith(suffix)
  const [first] = parts
  const isOnly = parts.length === suffix.length + 1
  if (isOnly && first?.kind === 'any') return { prefix, only: null, matches: fits }
  if (isOnly && first?.kind === 'segment') return { prefix, only: null, matches: (key) => fits(key) && !key.slice(prefix.length, key.length - suffix.length).includes('/') }
  const states = new States(parts)
  return { prefix, only: null, matches: (key) => fits(key) && states.match(key, prefix.length) }
}

/** The parts after the first text, which is compared by itself. */
function partsOf(texts: string[], wildcards: ('*' | '**')[]): Part[] {
  const parts: Part[] = []
  for (const [at, wildcard] of wildcards.entries()) {
    const [before, after] = [texts[at] ?? '', texts[at + 1] ?? '']
    const areFolders = wildcard === '**' && (before === '' ? at === 0 : before.endsWith('/')) && after.startsWith('/')
    // folders twice are no more than once, and a name in any folders is any text
    const followsFolders = parts.at(-1)?.kind === 'folders'
    if (followsFolders) parts.pop()
    parts.push({ kind: areFolders ? 'folders' : followsFolders || wildcard === '**' ? 'any' : 'segment' })
    for (const unit of (areFolders ? after.slice(1) : after).split('')) parts.push({ kind: 'unit', code: unit.charCodeAt(0) })
  }
  return parts
}

/** The literal text that every match ends with. */
function endOf(parts: Part[]): string {
  const from = parts.findLastIndex(({ kind }) => kind !== 'unit') + 1
  return String.fromCharCode(...parts.slice(from).flatMap((part) => (part.kind === 'unit' ? [part.code] : [])))
}

/**
 * Goes through a key once and holds every part that it may have come to: the time is the key's length times the pattern's at the
 * worst, whatever either looks like. A regular expression would try again from every wildcard.
 */
class States {
  private now: number[] = []
  private next: number[] = []
  /** For each part, the step at which it was last entered. */
  private readonly entered: Uint32Array
  private step = 0

  constructor(private readonly parts: Part[]) {
    this.entered = new Uint32Array(parts.length + 1)
  }

  match(key: string, from: number): boolean {
    this.now.length = 0
    this.begin()
    this.enter(0, this.now)
    for (let at = from; at < key.length && this.now.length > 0; at++) this.advance(key.charCodeAt(at))
    return this.now.includes(this.parts.length)
  }

  private begin(): void {
    this.step++
    if (this.step < 0xffff_ffff) return
    this.entered.fill(0)
    this.step = 1
  }

  private advance(code: number): void {
    this.begin()
    this.next.length = 0
    for (const at of this.now) {
      const part = this.parts[at]
      if (!part) continue // the end, and there is more of the key
      if (part.kind === 'unit') {
        if (part.code === code) this.enter(at + 1, this.next)
      } else if (part.kind === 'folders') {
        this.add(at, this.next) // in the middle of a segment: not past it
        if (code === SLASH) this.enter(at + 1, this.next)
      } else if (part.kind === 'any' || code !== SLASH) this.enter(at, this.next)
    }
    const former = this.now
    this.now = this.next
    this.next = former
  }

  /** A part and those after it that may stand for nothing. */
  private enter(at: number, into: number[]): void {
    for (let reached = at; ; reached++) {
      this.add(reached, into)
      const part = this.parts[reached]
      if (!part || part.kind === 'unit') return
    }
  }

  private add(at: number, into: number[]): void {
    if (this.entered[at] === this.step) return
    this.entered[at] = this.step
    into.push(at)
  }
}
