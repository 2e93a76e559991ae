/** Where bytes are no JSON, and why. Caught by whoever knows the file, to be said with its line. */
export class JsonFault extends Error {
  constructor(
    /** The index of the byte, in the bytes that were scanned. */
    readonly at: number,
    /** "a comma is followed by no value". */
    readonly what: string,
  ) {
    super(what)
    this.name = 'JsonFault'
  }
}

/** The bytes end before the value does; more of them may follow. */
export const INCOMPLETE = -1
