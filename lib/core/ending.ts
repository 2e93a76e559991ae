/** What is at work when the process is asked to end may finish within this time; `npm start` waits four seconds for the pages. */
const GRACE_MS = 2_000

// Next bundles this module more than once; they all end together.
const holder = globalThis as unknown as { tributaryEnding?: { begun: AbortController; over: AbortController } }

function ending(): { begun: AbortController; over: AbortController } {
  return (holder.tributaryEnding ??= { begun: new AbortController(), over: new AbortController() })
}

/** This process ends soon: what would last for ever ends at once, and what is at work some moments later. */
export function beginEnding(): void {
  const { begun, over } = ending()
  begun.abort()
  setTimeout(() => over.abort(), GRACE_MS).unref()
}

/** Aborted when the process is asked to end: for what waits for news. */
export function endingBegun(): AbortSignal {
  return ending().begun.signal
}

/** The caller's signal, aborted as well when the time of an ending process is over: for work that somebody waits for. */
export function untilEnded(signal: AbortSignal | undefined): AbortSignal {
  const { over } = ending()
  return signal ? AbortSignal.any([signal, over.signal]) : over.signal
}
