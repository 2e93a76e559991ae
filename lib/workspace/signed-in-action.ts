import { headers } from 'next/headers'
import { unstable_rethrow } from 'next/navigation'
import type { z } from 'zod'
import { AppError, toErrorView } from '@/lib/core/errors'
import { logger } from '@/lib/core/logger'
import { databaseAway } from '@/lib/db/database-away'
import { checkSameOrigin } from './same-origin'
import type { ActionResult, Viewer } from './schema'
import { viewerOrThrow, warehouseViewerOrThrow } from './session'

export interface GateOptions {
  /** Refuse while the data warehouse's preview is off. Its actions and handlers set it. */
  isWarehouse?: boolean
}

/**
 * A server action behind its gate: session, origin and Zod before `run`, and every failure as words after it.
 * Wrong input answers with `fields`: a dotted path ("config.host") to what is wrong there.
 */
export function signedInAction<S extends z.ZodType, T>(schema: S, run: (input: z.output<S>, viewer: Viewer) => Promise<T>, { isWarehouse = false }: GateOptions = {}): (input: unknown) => Promise<ActionResult<T>> {
  return async (input) => {
    try {
      checkSameOrigin(await headers())
      const viewer = await (isWarehouse ? warehouseViewerOrThrow() : viewerOrThrow())
      const read = schema.safeParse(input)
      if (!read.success) return invalidInput(read.error)
      return { ok: true, value: await run(read.data, viewer) }
    } catch (error) {
      unstable_rethrow(error) // a redirect or a not-found is no failure
      return { ok: false, error: reportError(error, 'action') }
    }
  }
}

/** What is wrong with the input, at its fields. */
export function invalidInput(error: z.ZodError): ActionResult<never> {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) fields[issue.path.join('.')] ??= issue.message
  const first = error.issues[0]
  return {
    ok: false,
    error: { code: 'invalid', title: 'Some values cannot be used', detail: first && [first.path.join('.'), first.message].filter(Boolean).join(': '), advice: 'Correct them and try again', isRetryable: false },
    fields,
  }
}

/** The error as something to show; what we did not foresee goes to the log in full. */
export function reportError(thrown: unknown, part: string): ReturnType<typeof toErrorView> {
  const away = databaseAway(thrown)
  if (away) logger(part).warn({ err: thrown }, away.title)
  const error = away ?? thrown
  if (!(error instanceof AppError)) logger(part).error({ err: error }, 'failed unexpectedly')
  else if (error.code === 'internal') logger(part).error({ err: error }, error.title)
  return toErrorView(error)
}
