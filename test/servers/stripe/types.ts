/** An object of the emulated account, in the shape in which the API sends it, nothing expanded. */
export type EmulatedObject = Record<string, unknown> & { id: string; object: string }

/** What the emulated account holds. Every write happens at the time of the test clock and tells its events at once. */
export interface EmulatedStore {
  /** Unix seconds. */
  now(): number
  /** An id of Stripe's form with this prefix (`cus_`), the same for the same seed and order of calls. */
  newId(prefix: string): string
  /** It is frozen: only `update` changes it. Ids are unique over all kinds. */
  insert(object: EmulatedObject): EmulatedObject
  /** Merges the change into the object, each field whole; ids and times of creation never change. Gives the former values of what changed, as events tell them (`previous_attributes`). */
  update(id: string, change: Record<string, unknown>): Record<string, unknown>
  /** The object is gone: a later read of it is refused, or answers `deleted: true` where Stripe does so. */
  remove(id: string): EmulatedObject
  find(id: string): EmulatedObject | undefined
  /** The objects of a kind (its `object`), oldest first. */
  all(kind: string): EmulatedObject[]
  /** Tells an event about an object as it is now. Its type is one of Stripe's: `customer.subscription.updated`. */
  emit(type: string, object: EmulatedObject, previous?: Record<string, unknown>): void
  /**
   * Objects that are made when they are asked for, from their number alone, older ones first: `count` of them, `at(index)` with
   * times of creation that never fall. They can be updated and removed like others.
   */
  insertMany(made: { kind: string; count: number; at(index: number): EmulatedObject; indexOf(id: string): number | null }): void
}

/** Trouble on demand. Each entry is used up by as many requests as it says. */
export interface StripeTrouble {
  /** Only requests whose path and query match. */
  matching?: RegExp
  /** How many requests; the default is one. */
  times?: number
  /** Of the matching ones, how many pass before it begins. */
  after?: number
  kind:
    /** Answers this status in Stripe's words. */
    | { status: 429 | 500 | 502 | 503; retryAfterSeconds?: number }
    /** Ends the connection after so many bytes of the answer's body; 0: before any answer. */
    | { cutAfterBytes: number }
    /** Never answers. */
    | 'hang'
    /** Runs before the request is answered: objects that change between two pages. */
    | ((store: EmulatedStore) => void)
}

export interface StripeServerOptions {
  /** Makes ids; the default is 1. */
  seed?: number
  /** Unix seconds at which the test clock stands; the default is fixed. It moves only when told. */
  now?: number
  /** What its keys begin with; the default is `live`. */
  mode?: 'test' | 'live'
  /** How long every answer takes. */
  latencyMs?: number
  /** Requests allowed a second, and how many may be saved up; without it every request passes. In real time. */
  perSecond?: number
  burst?: number
}

export interface ServedRequest {
  path: string
  query: Record<string, string[]>
  account: string
  status: number
}

export interface StripeServer {
  /** `http://127.0.0.1:PORT`, the `base_url` of the config. */
  url: string
  store: EmulatedStore
  /** A key that may read everything, and keys that lack some permissions: `rak_charge_read`, or, to be refused in Stripe's newer wording, `charge_read`. */
  key: string
  keyWithout(...permissions: string[]): string
  /** Another account that the key's platform may read by `Stripe-Account`, with a store of its own. */
  connect(account: string): EmulatedStore
  /** The test clock, in unix seconds; the `Date` header of every answer follows it. */
  advance(seconds: number): void
  trouble(trouble: StripeTrouble): void
  /** Every request that was answered or cut, in order. */
  requests: ServedRequest[]
  /** Requests that are not answered yet. */
  underWay(): number
  close(): Promise<void>
}
