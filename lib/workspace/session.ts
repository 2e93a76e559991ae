import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { connection } from 'next/server'
import { AppError } from '@/lib/core/errors'
import { findAnyUser, findMembership } from '@/lib/db/users'
import type { Viewer } from './schema'
import { passwordStamp, readSessionToken } from './session-token'

export const SIGNED_OUT = 'You are signed out'

/** Who looks. The database row decides, not the token: a deleted user or an older password is nobody. */
export async function findViewer(): Promise<Viewer | undefined> {
  const token = await readSessionToken(await cookies())
  const row = token && (await findMembership(token.userId))
  if (!row || passwordStamp(row.passwordHash) !== token.stamp) return undefined
  const { userId, email, name, workspaceId, workspaceName, role, dataWarehouse } = row
  return { userId, email, name, workspaceId, workspaceName, role, previews: { dataWarehouse } }
}

/** Has nobody set this installation up? */
export async function isFirstRun(): Promise<boolean> {
  await connection() // never asked while building
  return !(await findAnyUser())
}

/** The gate of every page: sends a stranger to sign in, or to set up where nobody has yet. */
export async function requireViewer(): Promise<Viewer> {
  const viewer = await findViewer()
  if (viewer) return viewer
  if (await isFirstRun()) redirect('/setup')
  const path = (await headers()).get('x-tributary-path')
  redirect(path && path !== '/' ? `/sign-in?callbackUrl=${encodeURIComponent(path)}` : '/sign-in')
}

/** The gate of the data warehouse's pages: with the preview off it shows the page that says how to turn it on. */
export async function requireWarehouseViewer(): Promise<Viewer> {
  const viewer = await requireViewer()
  if (!viewer.previews.dataWarehouse) redirect('/data-warehouse-off')
  return viewer
}

/** The gate of actions and handlers. Throws not_allowed. */
export async function viewerOrThrow(): Promise<Viewer> {
  const viewer = await findViewer()
  if (!viewer) throw new AppError('not_allowed', { title: SIGNED_OUT, detail: 'The session has ended', advice: 'Sign in again' })
  return viewer
}

/** The gate of actions and handlers of the data warehouse: also refuses while the preview is off. */
export async function warehouseViewerOrThrow(): Promise<Viewer> {
  const viewer = await viewerOrThrow()
  if (!viewer.previews.dataWarehouse) {
    throw new AppError('not_allowed', { title: 'The data warehouse is turned off', advice: 'Turn it on under Settings, Feature previews' })
  }
  return viewer
}
