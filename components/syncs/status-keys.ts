import type { QueryClient } from '@tanstack/react-query'
import type { SchemaView, SourceView, StatusMessage } from '@/lib/sources/schema'
import type { RunPage, RunView } from '@/lib/syncs/schema'

/** Where status is kept in the query cache. */
export const statusKeys = {
  sources: ['sources'] as const,
  source: (sourceId: string) => ['source', sourceId] as const,
  schemas: (sourceId: string) => ['schemas', sourceId] as const,
  runs: (sourceId: string) => ['runs', sourceId] as const,
  run: (runId: string) => ['run', runId] as const,
  versions: (schemaId: string) => ['versions', schemaId] as const,
}

/** Runs of a source as the Runs tab filters them. */
export function runsKey(sourceId: string, filter: { schemaId?: string | null; status?: string | null }) {
  return [...statusKeys.runs(sourceId), filter.schemaId ?? '', filter.status ?? ''] as const
}

/** Load again whatever is shown. */
export function invalidateStatus(client: QueryClient): void {
  for (const root of ['sources', 'source', 'schemas', 'runs', 'run', 'versions']) void client.invalidateQueries({ queryKey: [root] })
}

/** Lay a message of the stream over what the cache holds. */
export function applyStatus(client: QueryClient, message: StatusMessage): void {
  if (message.isStale) return invalidateStatus(client)
  client.setQueryData<SourceView[]>(statusKeys.sources, (known) => known && mergeSources(known, message))
  for (const source of message.sources) {
    client.setQueryData<SourceView>(statusKeys.source(source.id), (known) => known && { ...known, ...source })
  }
  for (const sourceId of message.staleSources) void client.invalidateQueries({ queryKey: statusKeys.schemas(sourceId) })
  for (const sourceId of new Set(message.schemas.map((schema) => schema.sourceId))) {
    client.setQueryData<SchemaView[]>(statusKeys.schemas(sourceId), (known) => known && mergeSchemas(known, message.schemas.filter((schema) => schema.sourceId === sourceId)))
  }
  for (const { id } of message.schemas) void client.invalidateQueries({ queryKey: statusKeys.versions(id) })
  applyRuns(client, message.runs)
}

function mergeSources(known: SourceView[], message: StatusMessage): SourceView[] {
  const fresh = new Map(message.sources.map((source) => [source.id, source]))
  const removed = new Set(message.removedSources)
  const kept = known.filter((source) => !removed.has(source.id)).map((source) => fresh.get(source.id) ?? source)
  const ids = new Set(known.map((source) => source.id))
  return [...kept, ...message.sources.filter((source) => !ids.has(source.id))]
}

function mergeSchemas(known: SchemaView[], changed: SchemaView[]): SchemaView[] {
  const fresh = new Map(changed.map((schema) => [schema.id, schema]))
  const ids = new Set(known.map((schema) => schema.id))
  const added = changed.filter((schema) => !ids.has(schema.id))
  const kept = known.map((schema) => fresh.get(schema.id) ?? schema)
  return added.length ? [...kept, ...added].sort((a, b) => (a.name < b.name ? -1 : 1)) : kept
}

function applyRuns(client: QueryClient, runs: RunView[]): void {
  for (const run of runs) {
    client.setQueryData<RunView>(statusKeys.run(run.id), (known) => known && run)
    for (const [key, pages] of client.getQueriesData<{ pages: RunPage[]; pageParams: unknown[] }>({ queryKey: statusKeys.runs(run.sourceId) })) {
      if (!pages) continue
      if (!pages.pages.some((page) => page.runs.some((each) => each.id === run.id))) {
        void client.invalidateQueries({ queryKey: key, exact: true })
        continue
      }
      client.setQueryData(key, { ...pages, pages: pages.pages.map((page) => ({ ...page, runs: page.runs.map((each) => (each.id === run.id ? run : each)) })) })
    }
  }
}
