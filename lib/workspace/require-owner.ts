import { AppError } from '@/lib/core/errors'
import type { Viewer } from './schema'

/** Throws not_allowed unless the viewer owns the workspace. */
export function requireOwner(viewer: Viewer, detail: string): void {
  if (viewer.role === 'owner') return
  throw new AppError('not_allowed', { title: 'Your role does not allow this', detail, advice: 'Ask an owner; Settings, Members lists them' })
}
