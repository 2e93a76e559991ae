import type { z } from 'zod'
import { AppError } from '@/lib/core/errors'

/** What a service answered, as it should be. Throws AppError `source` that names the field which is not; no value is told, it may be a secret. */
export function parseAnswer<T>(shape: z.ZodType<T>, value: unknown, service: string): T {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new AppError('source', {
    title: `The answer is not one of ${service}’s`,
    detail: `${issue?.path.join('.') || 'The answer'}: ${issue?.message ?? 'it is not understood'}`,
    advice: 'Check the address of the API; if it is right, report this with the log of the run',
  })
}
