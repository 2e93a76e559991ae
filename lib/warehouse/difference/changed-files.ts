import { limits } from '@/lib/core/limits'
import type { SandboxSource } from '../query/converse'
import { linkFiles } from '../query/link-files'
import { quotePaths } from '../sql-text'
import type { TableFile, TableSnapshot } from '../version'
import { askSandbox, type Asking } from './ask-sandbox'

const FILES_MAX = 1_000_000

/**
 * The keys of data files of which one version has rows as deleted that the other one has not. Only delete files are read for it: a table may have
 * many data files, and they may be far away.
 */
export async function findChangedFiles(before: TableSnapshot, after: TableSnapshot, asking: Asking): Promise<{ paths: Set<string> | null; bytesRead: number | null }> {
  const own = [without(before.deleteFiles, after.deleteFiles), without(after.deleteFiles, before.deleteFiles)]
  const source: SandboxSource = {
    async prepare(_judged, folder, signal) {
      const links = await linkFiles(own.flat(), 'd', folder, signal)
      const [ours, theirs] = own.map((files) => placesSql(files.map(({ path }) => links.get(path) ?? '')))
      const definitions = [`CREATE VIEW changed_files AS SELECT DISTINCT file_path FROM ((${ours} EXCEPT ${theirs}) UNION ALL (${theirs} EXCEPT ${ours}))`]
      return { definitions, allowedPaths: [...links.values()] }
    },
    tableNames: async () => [],
  }
  const { rows, isTruncated, bytesRead } = await askSandbox(source, 'SELECT file_path FROM changed_files', { kind: 'rows', rowLimit: FILES_MAX, bytesLimit: limits.differenceBytes }, asking)
  return { paths: isTruncated ? null : new Set(rows.map(([path]) => String(path))), bytesRead }
}

function placesSql(names: string[]): string {
  return names.length ? `SELECT file_path, pos FROM read_parquet(${quotePaths(names)})` : `SELECT '' AS file_path, 0::BIGINT AS pos WHERE false`
}

function without(files: TableFile[], others: TableFile[]): TableFile[] {
  const paths = new Set(others.map(({ path }) => path))
  return files.filter(({ path }) => !paths.has(path))
}
