import { AppError } from '@/lib/core/errors'
import { Resting } from '../http/resting'
import type { ListedObject, ObjectAccess } from '../objects/object-access'
import { linkOf, type SheetsConfig } from './config'
import { Workbook, type SheetsPlaces } from './workbook'

/** One worksheet, as the one object of its table; its key is its gid. Nothing tells its states apart but its bytes. */
export class WorksheetObject implements ObjectAccess {
  readonly addressPrefix: string
  readonly hasRanges = false
  private readonly workbooks: Resting<Workbook>

  constructor(
    config: SheetsConfig,
    private readonly gid: string,
    places: SheetsPlaces,
  ) {
    const { isPublished, id } = linkOf(config)
    this.addressPrefix = `https://docs.google.com/spreadsheets/d/${isPublished ? `e/${id}/pubhtml?gid=` : `${id}/edit#gid=`}`
    this.workbooks = new Resting(() => new Workbook(config, places))
  }

  /** A worksheet that is gone is a failure: the table is nothing without it, and an empty one would look like a choice. */
  async *list(signal: AbortSignal): AsyncGenerator<ListedObject[]> {
    const object = await this.stat(this.gid, signal)
    if (!object) throw new AppError('missing_table', { title: 'The worksheet is gone', detail: this.addressPrefix + this.gid, advice: 'Refresh the source; remove the table if it is not wanted any more' })
    yield [object]
  }

  async stat(key: string, signal: AbortSignal): Promise<ListedObject | null> {
    const { worksheets, isWhole } = await this.workbooks.use((workbook) => workbook.contents(signal))
    const isThere = key === this.gid && (!isWhole || worksheets.some(({ gid }) => gid === key))
    return isThere ? { key, bytes: null, modifiedAt: null, fingerprint: null } : null
  }

  read(object: ListedObject, _: { from: number; to?: number }, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.workbooks.iterate(async function* (workbook) {
      const { bytes } = await workbook.export(object.key, signal)
      yield* bytes ?? []
    })
  }
}
