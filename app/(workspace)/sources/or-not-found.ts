import { notFound } from 'next/navigation'
import { AppError } from '@/lib/core/errors'

/** What the loader gives; for an id that the workspace does not have, the page that says so. */
export async function orNotFound<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') notFound()
    throw error
  }
}
