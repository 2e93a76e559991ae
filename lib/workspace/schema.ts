import { z } from 'zod'
import type { ErrorView } from '@/lib/core/errors'

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
  email: z.string().trim().toLowerCase().max(320).pipe(z.email('Enter an e-mail address')),
  name: z.string().trim().max(100).default(''),
  password: z.string().min(10, 'Use 10 characters or more').max(200, 'Use 200 characters or fewer'),
})

export type FirstAdmin = z.output<typeof FirstAdminInput>

export const SignInInput = z.object({ email: z.string().trim().toLowerCase().max(320), password: z.string().min(1).max(200) })

export const PreviewInput = z.object({ dataWarehouse: z.boolean() })

export const WorkspaceNameInput = z.object({ name: z.string().trim().min(1, 'Enter a name').max(100, 'Use 100 characters or fewer') })

export interface MemberView {
  userId: string
  email: string
  name: string
  role: 'owner' | 'member'
  joinedAt: string
  isViewer: boolean
}

/** What every action answers: the value, or an error in words. */
export type ActionResult<T> = { ok: true; value: T } | { ok: false; error: ErrorView; fields?: Record<string, string> }
