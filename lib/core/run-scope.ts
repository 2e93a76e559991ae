import { AsyncLocalStorage } from 'node:async_hooks'

/** The run that the code at hand works for, however deep it is: for log lines and measurements, never for decisions. */
export interface RunScope {
  readonly runId: string
  /** Gives the way to tell its end. */
  beginStep(step: string): (error?: unknown) => void
}

// Next bundles this module more than once; one scope serves them all.
const holder = globalThis as unknown as { tributaryRunScope?: AsyncLocalStorage<RunScope> }

function storage(): AsyncLocalStorage<RunScope> {
  return (holder.tributaryRunScope ??= new AsyncLocalStorage())
}

/** Do the work of a run; everything that it calls finds the run with `currentRun`. */
export function inRunScope<T>(run: RunScope, work: () => Promise<T>): Promise<T> {
  return storage().run(run, work)
}

export function currentRun(): RunScope | undefined {
  return holder.tributaryRunScope?.getStore()
}

/** Do a step of the run that is at work, if there is one, and tell it how long that took. */
export async function inStep<T>(step: string, work: () => Promise<T>): Promise<T> {
  const end = currentRun()?.beginStep(step)
  try {
    const result = await work()
    end?.()
    return result
  } catch (error) {
    end?.(error)
    throw error
  }
}
