import type { Expansion } from './compose'
import type { References } from './declared-references'
import declared from './references.json' with { type: 'json' }
import { Refusal } from './refusal'

const REFERENCES: References = declared
const DEEPEST = 4

/** What `expand` asks of an object of this kind; in a list every path begins with `data`. Throws Refusal. */
export function expansionOf(paths: string[], kind: string, inList: boolean): Expansion {
  const expansion: Expansion = {}
  for (const path of paths) {
    const steps = path.split('.')
    if (steps.length > DEEPEST) throw new Refusal(400, `You cannot expand more than 4 levels of a property. Property: ${path}`, { code: 'property_expansion_max_depth', param: 'expand' })
    if (!inList) add(expansion, steps, kind)
    else if (steps[0] === 'data') add(expansion, steps.slice(1), kind)
    else throw new Refusal(400, `This property cannot be expanded (${steps[0]}). You may want to try expanding 'data.${path}' instead.`, { param: 'expand' })
  }
  return expansion
}

function add(expansion: Expansion, steps: string[], kind: string): void {
  checkSteps(steps, kind)
  let at = expansion
  for (const step of steps) at = at[step] ??= {}
}

/** Every step must lead from one object to another, through hashes if need be. */
function checkSteps(steps: string[], kind: string): void {
  if (steps.length === 0) return
  for (let taken = 1; taken <= steps.length; taken++) {
    const target = REFERENCES[kind]?.[steps.slice(0, taken).join('.')]
    if (target === undefined) continue
    const rest = steps.slice(taken)
    if (target.endsWith('any')) return // one of many kinds, of which each has its own fields
    if (!target.startsWith('list of ')) return checkSteps(rest, target)
    if (rest.length === 0 || rest[0] === 'data') return checkSteps(rest.slice(1), target.slice('list of '.length))
    throw new Refusal(400, `This property cannot be expanded (${rest[0]}).`, { param: 'expand' })
  }
  throw new Refusal(400, `This property cannot be expanded (${steps[0]}).`, { param: 'expand' })
}
