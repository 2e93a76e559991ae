import { AppError } from '@/lib/core/errors'
import { findAnyUser, insertFirstOwner } from '@/lib/db/users'
import { FIRST_WORKSPACE_NAME } from './first-workspace'
import { hashPassword } from './password'
import type { FirstAdmin } from './schema'

/** Make the first administrator, who owns the first workspace. Of two first visitors at once one wins; the other gets conflict. */
export async function createFirstAdmin(input: FirstAdmin): Promise<{ userId: string; workspaceId: string }> {
  if (await findAnyUser()) throw hasAdmin()
  const { email, name, password } = input
  const made = await insertFirstOwner({ email, name, passwordHash: await hashPassword(password) }, FIRST_WORKSPACE_NAME)
  if (!made) throw hasAdmin()
  return made
}

function hasAdmin(): AppError {
  return new AppError('conflict', {
    title: 'This installation already has an administrator',
    detail: 'Somebody else was first',
    advice: 'Sign in, or ask the administrator for access',
  })
}
