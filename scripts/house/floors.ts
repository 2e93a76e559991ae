import type { Import, SourceFile } from './source-files'
import type { Violation } from './violation'

/** Rooms import the rooms to their left only. */
const ROOMS = ['workspace', 'syncs', 'sources', 'tables', 'sql-editor']
const FLOORS: Record<string, number> = { core: 0, db: 1, connectors: 2, warehouse: 2, jobs: 2, pipeline: 3 }
const ROOM_FLOOR = 4
const ENTRANCES = ['app', 'trigger', 'worker', 'cli']
const OPEN_TO_EVERY_PAGE = ['ui', 'shell']
/** Parts that several rooms of components share. */
const OPEN_TO_EVERY_ROOM = ['connectors', 'files-table']

const top = (file: string) => file.split('/')[0] ?? ''
const second = (file: string) => file.split('/')[1] ?? ''

/** Imports go down only; every folder below may be reached, no folder beside or above. */
export function checkFloors(files: SourceFile[]): Violation[] {
  return files.filter((file) => !file.isTest).flatMap((file) =>
    file.imports.flatMap((imported) => {
      const reason = imported.file === undefined ? undefined : reasonAgainst(file.file, imported.file, imported)
      return reason ? [{ rule: 'floors', file: file.file, line: imported.line, words: `imports ${imported.file}: ${reason}` }] : []
    }),
  )
}

function reasonAgainst(from: string, to: string, imported: Import): string | undefined {
  if (ENTRANCES.includes(top(to)) && top(to) !== top(from) && !isTool(from)) return `${top(to)} is an entrance, imported by nobody`
  if (to === 'lib/connectors/registry.ts' && !isRoom(from) && !isTool(from)) return 'the registry is for the rooms alone'
  if (top(from) === 'lib') return fromLib(from, to)
  if (top(from) === 'components') return fromComponents(from, to, imported)
  if (top(from) === 'app') return fromApp(to, imported)
  return undefined
}

/** Scripts, benches and the configuration at the root stand outside the house. */
function isTool(file: string): boolean {
  return ['scripts', 'bench', 'test', 'e2e'].includes(top(file)) || (!file.includes('/') && !/^(proxy|instrumentation)\.ts$/.test(file))
}

function isRoom(file: string): boolean {
  return top(file) === 'lib' && !(second(file) in FLOORS)
}

function fromLib(from: string, to: string): string | undefined {
  if (top(to) !== 'lib') return 'lib stands below everything else'
  const [here, there] = [second(from), second(to)]
  if (here === there) return undefined
  for (const name of [here, there]) if (!(name in FLOORS) && !ROOMS.includes(name)) return `lib/${name} has no floor: give it a place in scripts/house/floors.ts`
  const [floor, target] = [FLOORS[here] ?? ROOM_FLOOR, FLOORS[there] ?? ROOM_FLOOR]
  if (target > floor) return `floor ${floor} imports upwards from floor ${target}`
  if (target < floor) return undefined
  if (floor === ROOM_FLOOR) return ROOMS.indexOf(there) < ROOMS.indexOf(here) ? undefined : `rooms import the rooms to their left only (${ROOMS.join(' ← ')})`
  return `lib/${here} and lib/${there} stand on the same floor`
}

/** What a browser may hold: actions, schemas, formats; types of the ground floor cost nothing. */
function fromComponents(from: string, to: string, imported: Import): string | undefined {
  if (top(to) === 'components') {
    const [here, there] = [second(from), second(to)]
    if (here === there) return undefined
    if (here === 'ui') return 'the primitives know nothing of the product'
    if (here === 'shell') return there === 'ui' ? undefined : 'the shell stands below the rooms'
    if (OPEN_TO_EVERY_PAGE.includes(there) || (OPEN_TO_EVERY_ROOM.includes(there) && here !== 'connectors')) return undefined
    return here !== 'syncs' && there === 'syncs' ? undefined : 'the rooms of components do not know each other'
  }
  if (top(to) !== 'lib') return 'components know lib and components alone'
  if (second(to) === 'core') return imported.isType || /\/(format|look-back|theme|[a-z-]+-words)\.ts$/.test(to) ? undefined : 'of lib/core only format, look-back, theme and words reach a browser'
  if (isRoom(to) && /\/([a-z-]+-)?(actions|schema)\.ts$/.test(to)) return undefined
  return 'components import the actions and the schema of a room, nothing else of lib'
}

function fromApp(to: string, imported: Import): string | undefined {
  if (['app', 'components'].includes(top(to))) return undefined
  if (top(to) !== 'lib') return 'pages compose components and rooms'
  if (second(to) === 'core' || (isRoom(to) && second(to) === 'workspace')) return undefined
  if (isRoom(to) && (imported.isType || /\/([a-z-]+-)?(actions|schema|loaders|loader|stream)\.ts$/.test(to))) return undefined
  return 'pages read through loaders and write through actions'
}
