const MB = 1024 * 1024

/** How long a bucket is waited for, and how much of it is asked for at once. All in one process. */
export interface Patience {
  /** Of one request; each range and each part is one. */
  attempts: number
  firstPauseMs: number
  longestPauseMs: number
  connectMs: number
  /** Without a single byte either way. */
  idleMs: number
  /** Of a file that arrived in another state than it was written in. */
  tries: number
}

/** All attempts of a request take some 15 seconds when it is refused at once, and 6 minutes when nothing comes at all. */
export const usualPatience: Patience = { attempts: 6, firstPauseMs: 500, longestPauseMs: 20_000, connectMs: 10_000, idleMs: 60_000, tries: 3 }

export const sizes = {
  /** A file above this is sent in parts of at least this, and fetched in ranges of this. Each part under way is in memory. */
  partBytes: 8 * MB,
  /** A store takes 10,000 parts of one file. */
  mostParts: 9_000,
  partsAtOnce: 4,
  /** Files up to this cost time and no memory worth counting. */
  smallBytes: 256 * 1024,
  smallAtOnce: 16,
  rangesAtOnce: 8,
  filesAtOnce: 16,
  hashesAtOnce: 2,
  /** A store removes so many at once. */
  removedAtOnce: 1_000,
  /** What nobody has added to for so long is a dead process’s. */
  abandonedUploadHours: 24,
}
