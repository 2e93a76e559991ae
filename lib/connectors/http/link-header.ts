/** The targets of a `Link` header (RFC 8288) by their relations, in lower case; of several with the same relation the first. */
export function linkTargets(header: string): Map<string, string> {
  const targets = new Map<string, string>()
  let rest = header
  for (;;) {
    const target = /^[\s,]*<([^>]*)>/.exec(rest)
    if (!target) return targets
    rest = rest.slice(target[0].length)
    const parameters = new Map<string, string>()
    for (;;) {
      const parameter = /^\s*;\s*([^\s=;,"<>]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?/.exec(rest)
      if (!parameter) break
      const [all, name = '', quoted, token] = parameter
      rest = rest.slice(all.length)
      // of a parameter that comes twice, the first counts
      if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token ?? '')
    }
    // one with an anchor is a link from somewhere else
    if (!parameters.has('anchor')) for (const relation of (parameters.get('rel') ?? '').toLowerCase().split(/\s+/)) if (relation && !targets.has(relation)) targets.set(relation, target[1] ?? '')
    if (!/^\s*,/.test(rest)) return targets
  }
}
