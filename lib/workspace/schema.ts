import { z } from 'zod'

/** Who looks, and at which workspace. Only the gates of session.ts make one. */
export interface Viewer {
  userId: string
  email: string
  name: string
  workspaceId: string
  workspaceName: string
  role: 'owner' | 'member'
  /** Settings → Feature previews. */
  previews: { dataWarehouse: boolean }
}

export const FirstAdminInput = z.object({
  email: z.email('Enter an e-mail address').transform((text) => text.toLowerCase()),
  name: z.string().trim().max(100).default(''),
  password: z.string().min(10, 'Use 10 characters or more').max(200),
})

/** What every action answers: the value, or an error in words. */
export type ActionResult<T> = { ok: true; value: T } | { ok: false; error: import('@/lib/core/errors').ErrorView; fields?: Record<string, string> }
