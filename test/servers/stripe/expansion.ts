import type { Expansion } from './compose'
import { Refusal } from './refusal'

const DEEPEST = 4

/** What `expand` asks of an object of this kind; in a list every path begins with `data`. Throws Refusal. */
export function expansionOf(paths: string[], kind: string, inList: boolean): Expansion {
  const expansion: Expansion = {}
  for (const path of paths) {
    const steps = path.split('.')
    if (steps.length > DEEPEST) throw new Refusal(400, `You cannot expand more than 4 levels of a property. Property: ${path}`, { code: 'property_expansion_max_depth', param: 'expand' })
    if (inList && steps[0] !== 'data') throw new Refusal(400, `This property cannot be expanded (${steps[0]}). You may want to try expanding 'data.${path}' instead.`, { param: 'expand' })
    const inner = inList ? steps.slice(1) : steps
    add(expansion, inner)
  }
  return expansion
}

function add(expansion: Expansion, steps: string[]): void {
  let at = expansion
  for (const step of steps) at = at[step] ??= {}
}
