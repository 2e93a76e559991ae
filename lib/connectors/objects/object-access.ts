/** An object as its store tells it, at one moment. */
export interface ListedObject {
  /** Its name in the store, unchanged. */
  key: string
  /** Its length; null when the store does not tell before it is read. */
  bytes: number | null
  /** ISO 8601 in UTC; null when the store does not tell. */
  modifiedAt: string | null
  /**
   * Tells this state of the object from every other one: an ETag with the length, or a generation. Never the time alone, which two
   * states can share. Null when the store has nothing of the kind: then its bytes are compared.
   */
  fingerprint: string | null
}

/** The objects of one table: those of a store whose keys match the table's pattern. */
export interface ObjectAccess {
  /** Put before a key, it says where an object is: `s3://bucket/`. Never with a secret. What `_file` shows, and what errors name. */
  addressPrefix: string
  /** Can a part of an object be asked for? Else `read` is only ever asked for all of it. */
  hasRanges: boolean
  /**
   * Every object that matches, a page at a time, in any order, each key once. The listing of a bucket is consistent within a page only.
   * `at`: keys in the order of their bytes, at which a store that can begin in the middle divides the listing, to ask for its parts at once; others ignore
   * them. Throws NotInOrder when the store turns out to list in another order.
   */
  list(signal: AbortSignal, at?: string[]): AsyncIterable<ListedObject[]>
  /** The object as it is now; null when there is none. */
  stat(key: string, signal: AbortSignal): Promise<ListedObject | null>
  /**
   * The bytes [from, to) of the object in exactly the state that was listed (If-Match, generation), up to its end without `to`.
   * One request: it may break off with a retryable AppError, and the caller goes on from where it came to.
   * Throws ObjectChanged when the object is in another state by now, or gone.
   */
  read(object: ListedObject, span: { from: number; to?: number }, signal: AbortSignal): AsyncIterable<Uint8Array>
}

/** The object is not what was listed any more. No failure: it is listed again. */
export class ObjectChanged extends Error {
  constructor(readonly key: string) {
    super(`${key} changed`)
    this.name = 'ObjectChanged'
  }
}

/** A listing that was divided at keys is not in the order of its keys: parts of it may be missing. It is to be asked for again as a whole. */
export class NotInOrder extends Error {
  constructor() {
    super('The objects are not listed in the order of their keys')
    this.name = 'NotInOrder'
  }
}
