/**
 * Thrown by a read of changes, before its first batch, when the source no longer tells what changed since the bookmark. The
 * pipeline then reads everything, and the reason is in the run's report.
 */
export class ChangesLost extends Error {
  /** @param reason the end of the sentence "Everything was read: …". */
  constructor(readonly reason: string) {
    super(reason)
    this.name = 'ChangesLost'
  }
}
