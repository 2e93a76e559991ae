import type { Import, SourceFile } from './source-files'
import type { Violation } from './violation'
import { speaksHttp } from './speaks-http'

interface Owner {
  rule: string
  what: string
  matches(imported: Import): boolean
  /** The house's part that may use it. */
  may(file: string): boolean
  /** Where the rule holds; the rest (scripts, benches) stands outside the house. */
  within: RegExp
}

const HOUSE = /^(app|components|lib|trigger|worker|cli)\//
const packageNamed = (...names: string[]) => ({ specifier }: Import) => names.some((name) => specifier === name || specifier.startsWith(`${name}/`))

/** Each outside thing has one room that knows it. */
const owners: Owner[] = [
  { rule: 'prisma', what: 'Prisma lives in lib/db alone', within: HOUSE, may: (file) => file.startsWith('lib/db/'), matches: (imported) => packageNamed('@prisma', 'prisma')(imported) || /(^|\/)generated(\/|$)/.test(imported.file ?? '') },
  { rule: 'duckdb', what: 'DuckDB lives in lib/warehouse alone', within: HOUSE, may: (file) => file.startsWith('lib/warehouse/'), matches: packageNamed('@duckdb') },
  { rule: 'pg-boss', what: 'pg-boss lives in lib/jobs alone', within: HOUSE, may: (file) => file.startsWith('lib/jobs/'), matches: packageNamed('pg-boss') },
  { rule: 'trigger', what: 'Trigger.dev lives in trigger and lib/jobs alone', within: HOUSE, may: (file) => /^(trigger|lib\/jobs)\//.test(file), matches: packageNamed('@trigger.dev') },
  { rule: 'react', what: 'React lives in app and components alone', within: HOUSE, may: (file) => /^(app|components)\//.test(file), matches: packageNamed('react', 'react-dom', 'radix-ui', 'lucide-react', '@tanstack/react-query', '@tanstack/react-virtual', 'sonner', 'next-themes', 'next/link', 'next/image') },
  { rule: 'http', what: 'the outside world is reached through lib/connectors/http.ts alone', within: /^lib\//, may: speaksHttp, matches: (imported) => !imported.isType && packageNamed('http', 'https', 'http2', 'node:http', 'node:https', 'node:http2', 'undici', 'axios', 'got', 'node-fetch')(imported) },
  { rule: 'environment', what: 'the environment is read in lib/core/env.ts alone', within: HOUSE, may: (file) => file === 'lib/core/env.ts', matches: (imported) => packageNamed('process', 'node:process')(imported) },
]

export function checkOwners(files: SourceFile[]): Violation[] {
  return files.filter((file) => !file.isTest).flatMap((file) =>
    file.imports.flatMap((imported) =>
      owners
        .filter((owner) => owner.within.test(file.file) && !owner.may(file.file) && owner.matches(imported))
        .map((owner) => ({ rule: owner.rule, file: file.file, line: imported.line, words: `imports ${imported.specifier}: ${owner.what}` })),
    ),
  )
}

/** Open to every connector: the kit, and what the stores of objects have together. */
function isShared(file: string): boolean {
  return speaksHttp(file) || file.startsWith('lib/connectors/objects/')
}

/** A connector knows the contract and the shared parts of its floor, never another connector. */
export function checkConnectors(files: SourceFile[]): Violation[] {
  const connectorOf = (file: string) => (isShared(file) ? undefined : /^lib\/connectors\/([^/]+)\//.exec(file)?.[1])
  return files.filter((file) => !file.isTest).flatMap((file) => {
    const own = connectorOf(file.file)
    if (!own && !isShared(file.file)) return []
    return file.imports.flatMap((imported) => {
      const other = connectorOf(imported.file ?? '')
      return other && other !== own ? [{ rule: 'connectors', file: file.file, line: imported.line, words: `imports the connector ${other}: connectors never know each other` }] : []
    })
  })
}
