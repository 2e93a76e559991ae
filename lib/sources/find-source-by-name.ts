import { AppError } from '@/lib/core/errors'
import { listSources, type SourceRow } from '@/lib/db/sources'

/** The source with this id, name or prefix, in that order; `not_found` or, where a prefix is not enough, `invalid`. */
export async function findSourceByName(workspaceId: string, text: string): Promise<SourceRow> {
  const sources = await listSources(workspaceId)
  const exact = sources.find((source) => source.id === text) ?? sources.find((source) => source.name === text)
  if (exact) return exact
  const byPrefix = text ? sources.filter((source) => source.prefix === text) : []
  if (byPrefix.length > 1) throw new AppError('invalid', { title: `More than one source has the prefix ${text}`, detail: byPrefix.map((source) => source.name).join(', '), advice: 'Use the name of one of them' })
  if (byPrefix[0]) return byPrefix[0]
  throw new AppError('not_found', { title: `There is no source ${text}`, detail: sources.length ? `There are: ${sources.map((source) => source.name).join(', ')}` : 'No source is linked yet', advice: 'Use the id or the name of a linked source' })
}
