import { Refusal } from './refusal'

type Selection = Map<string, Selection>

/** A partial answer: `items(name,size),nextPageToken`, or `items/name`. A field that nothing has is refused, as the service does. */
export function pickFields(answer: Record<string, unknown>, fields: string | null, known: readonly string[]): Record<string, unknown> {
  if (fields === null) return answer
  const selection = parse(fields)
  for (const name of namesIn(selection)) if (!known.includes(name) && name !== '*') throw invalid(name)
  return pick(answer, selection) as Record<string, unknown> // an object stays one
}

function parse(text: string): Selection {
  const root: Selection = new Map()
  const open: Selection[] = [root]
  let at = open[0]!
  for (const token of text.match(/[^,()/\s]+|[,()/]/g) ?? []) {
    const outer = open.at(-1)
    if (!outer) break
    if (token === ',') at = outer
    else if (token === '(') open.push(at)
    else if (token === ')') at = open.pop()!
    else if (token !== '/') at = at.set(token, at.get(token) ?? new Map()).get(token)!
  }
  if (open.length !== 1 || !root.size) throw invalid(text)
  return root
}

function* namesIn(selection: Selection): Iterable<string> {
  for (const [name, inner] of selection) {
    yield name
    yield* namesIn(inner)
  }
}

function invalid(selection: string): Refusal {
  return new Refusal(400, 'invalidParameter', `Invalid field selection ${selection}`, { locationType: 'parameter', location: 'fields' })
}

function pick(value: unknown, selection: Selection): unknown {
  if (!selection.size || selection.has('*')) return value
  if (Array.isArray(value)) return value.map((each) => pick(each, selection))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([name, inner]) => (selection.has(name) ? [[name, pick(inner, selection.get(name)!)]] : [])))
}
