/** An object as Stripe sends it. */
export type StripeObject = Record<string, unknown> & { id: string; object: string }

/** One event of Stripe's feed; `data.object` is the object as it was then, in the account's API version, so only its ids are used. */
export interface StripeEvent extends StripeObject {
  type: string
  created: number
  data: { object: StripeObject; previous_attributes?: Record<string, unknown> }
}

/** What a restricted key must be granted, in Stripe's own words. */
export interface Permission {
  /** As the key page calls it: "Charges and refunds". */
  label: string
  /** As Stripe's refusals and the address of the key page name it: `rak_charge_read`. */
  id: string
}

/** A list endpoint whose objects are the rows, or hold them. */
export interface StripeList {
  /** `/v1/charges`. */
  path: string
  /** `{ status: 'all' }`. */
  query?: Record<string, string>
  /** `data.line_items`. */
  expand?: string[]
  /** The `object` of what it lists: `charge`. */
  object: string
  /**
   * The field by which `created[gte|lt]` filters: `created`, `date` for invoice items. Null: the endpoint has no such filter, and is
   * read from end to end, by one reader.
   */
  createdField: string | null
}

/** Rows that are inside or below the listed objects: the lines of an invoice. */
export interface NestedRows {
  /** The column of a row that names its listed object: `invoice`. It is added where Stripe does not send it. */
  parentColumn: string
  /** The field of the listed object that holds the rows: `lines`; a list object, or an array, or one object. Null: it holds none, and each object's rows are asked for. */
  field: string | null
  /** Where the rows of one listed object are listed, to complete a list that Stripe cut, or to get it at all. Null: `field` is never cut. */
  path: ((parentId: string) => string) | null
  /** Where one row of anybody is listed, to see whether the key may read them. Absent: what may read the listed objects may read their rows. */
  probe?: string
}

/** A list inside an object that Stripe cuts after ten; the whole of it belongs into the row. */
export interface CutList {
  field: string
  path: (id: string) => string
}

/** How changes of the listed objects are heard of. */
export interface StripeFeed {
  /** Event types to ask for; `charge.*` asks for a group. At most 20; a group stands alone. Empty: every event. */
  types: string[]
  /** Of an event, the ids of the listed objects (of nested rows: of their parents) that it touched; empty when none. */
  touched(event: StripeEvent): string[]
  /** Event types after which the touched object is gone: `customer.deleted`. Every other touched object is read again. */
  deletions: string[]
}

/** What the feed does not tell: objects of the last days are listed again. */
export interface LookBack {
  /** How far back a regular look goes. */
  days: number
  /** How much time lies between two of them; 0: at every sync. */
  everyHours: number
  /** When this row will change by itself, in unix seconds; null when it is settled. The look back then begins at the oldest such row that is due. */
  settlesAt?: (row: StripeObject) => number | null
}

/** One schema of Stripe, as data: the reader knows no schema by its name. */
export interface StripeSchema {
  /** `charges`. */
  name: string
  list: StripeList
  nested?: NestedRows
  completes?: CutList[]
  permission: Permission
  /** Null: Stripe has no events for it. Without feed and without look back, the whole list is read at each sync (`tracking: 'listing'`). */
  feed: StripeFeed | null
  lookBack?: LookBack
  /** Stripe forgets rows as they age (events): they stay in the warehouse. */
  forgets?: boolean
  /** The type of every column, from Stripe's own description of its API. */
  columns: { name: string; sourceType: string; type: string; encoding: 'plain' | 'cast' | 'epoch'; nullable: boolean }[]
  /** Column names: `id`, or what identifies a nested row. */
  primaryKey: string[]
}
