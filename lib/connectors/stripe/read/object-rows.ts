import { AppError } from '@/lib/core/errors'
import { isRecord } from '../catalogue/touched'
import { isMissingCursor, isMissingObject } from '../stripe-error'
import type { StripeObject, StripeSchema } from '../stripe-schema'
import type { Requests } from './requests'
import { PAGE_ROWS } from './window-plan'

export type Row = Record<string, unknown>

/** What an object of the list means for the table: its rows; null when it is gone. */
export type RowsOfObject = Row[] | null

/** How often a list below an object is begun anew since the object after which a page should begin was deleted. */
const NEW_BEGINNINGS = 10

/** Makes rows of listed objects: what Stripe cut is completed, and nested rows are taken out. */
export class ObjectRows {
  private readonly references: string[]

  constructor(
    private readonly schema: StripeSchema,
    private readonly requests: Requests,
  ) {
    this.references = schema.columns.filter(({ sourceType }) => sourceType === 'id').map(({ name }) => name)
  }

  /** Takes away what the table has of an object: its row, or all rows below it. */
  removalOf(id: string): Record<string, string> {
    return { [this.schema.nested?.parentColumn ?? 'id']: id }
  }

  /** The rows of an object as the list gave it. */
  async of(object: StripeObject, signal: AbortSignal): Promise<RowsOfObject> {
    if (object.deleted === true) return null
    const rows = await orGone(this.schema.nested ? this.nestedRows(object, signal) : this.completed(object, signal).then((row) => [row]))
    return rows && rows.map((row) => this.withIds(row))
  }

  /** The rows of an object as it is now. */
  async again(id: string, signal: AbortSignal): Promise<RowsOfObject> {
    const { list, nested } = this.schema
    if (nested?.field === null) return this.of({ id, object: list.object }, signal)
    const expand = list.expand?.map((path) => path.replace(/^data\./, ''))
    const answer = await orGone(this.requests.get(`${list.path}/${encodeURIComponent(id)}`, expand ? { expand } : {}, signal))
    if (answer === null) return null
    if (answer.object.object !== list.object) throw strangeObject(`${list.path}/${id} gave “${answer.object.object}” where “${list.object}” was asked for`)
    return this.of(answer.object, signal)
  }

  private async nestedRows(object: StripeObject, signal: AbortSignal): Promise<Row[]> {
    const { nested } = this.schema
    if (!nested) return []
    const { field, path, parentColumn } = nested
    const held = field === null ? null : object[field]
    const rows = path && (field === null || isCut(held)) ? await this.wholeList(path(object.id), signal) : itemsOf(held)
    return rows.map((row) => {
      if (!isRecord(row)) throw strangeObject(`What ${object.id} holds in “${field ?? ''}” is not expanded`)
      return { ...row, [parentColumn]: object.id }
    })
  }

  private async completed(object: StripeObject, signal: AbortSignal): Promise<Row> {
    const cut = (this.schema.completes ?? []).filter(({ field }) => isCut(object[field]))
    if (cut.length === 0) return object
    const whole = await Promise.all(
      cut.map(async ({ field, path }) => {
        const held = object[field]
        return [field, { ...(isRecord(held) ? held : {}), data: await this.wholeList(path(object.id), signal), has_more: false }]
      }),
    )
    return { ...object, ...Object.fromEntries(whole) }
  }

  /** Every object of a list below another one. It is short: its pages are read one after the other. */
  private async wholeList(path: string, signal: AbortSignal): Promise<StripeObject[]> {
    for (let beginnings = 0; ; beginnings++) {
      const found: StripeObject[] = []
      try {
        for (;;) {
          const after = found.at(-1)?.id
          const { data, hasMore } = await this.requests.list(path, { limit: String(PAGE_ROWS), ...(after !== undefined && { starting_after: after }) }, signal)
          found.push(...data)
          if (!hasMore || data.length === 0) return found
          if (data.at(-1)?.id === after) throw strangeObject(`${path} gave the same page twice`)
        }
      } catch (error) {
        if (!isMissingCursor(error) || beginnings >= NEW_BEGINNINGS) throw error
      }
    }
  }

  /** A reference is its id, also where Stripe sent the whole object. */
  private withIds(row: Row): Row {
    const expanded = this.references.filter((name) => isRecord(row[name]))
    if (expanded.length === 0) return row
    return { ...row, ...Object.fromEntries(expanded.map((name) => [name, idOf(row[name])])) }
  }
}

/** Null when what was asked for is not there, or no longer. */
async function orGone<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked
  } catch (error) {
    if (isMissingObject(error)) return null
    throw error
  }
}

function isCut(held: unknown): boolean {
  return isRecord(held) && held.has_more === true
}

/** Of a list object, an array, one object, or nothing. */
function itemsOf(held: unknown): unknown[] {
  if (Array.isArray(held)) return held
  if (!isRecord(held)) return []
  return Array.isArray(held.data) ? held.data : [held]
}

function idOf(reference: unknown): unknown {
  return isRecord(reference) && typeof reference.id === 'string' ? reference.id : reference
}

function strangeObject(detail: string): AppError {
  return new AppError('source', { title: 'Stripe sent another object than was asked for', detail, advice: 'Check the address of the API; at Stripe itself try again, and report it if it stays' })
}
