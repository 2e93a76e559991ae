'use server'

import { revalidatePath } from 'next/cache'
import { headers } from 'next/headers'
import { createFirstAdmin } from './create-first-admin'
import { renameWorkspace } from './rename-workspace'
import { checkSameOrigin } from './same-origin'
import { FirstAdminInput, PreviewInput, WorkspaceNameInput, type ActionResult } from './schema'
import { setPreview } from './set-preview'
import { invalidInput, reportError, signedInAction } from './signed-in-action'

/** The only action without a session: there is nobody yet who could have one. */
export async function createFirstAdminAction(input: unknown): Promise<ActionResult<null>> {
  try {
    checkSameOrigin(await headers())
    const read = FirstAdminInput.safeParse(input)
    if (!read.success) return invalidInput(read.error)
    await createFirstAdmin(read.data)
    return { ok: true, value: null }
  } catch (error) {
    return { ok: false, error: reportError(error, 'setup') }
  }
}

export const setPreviewAction = signedInAction(PreviewInput, async (input, viewer) => {
  await setPreview(viewer, input)
  revalidatePath('/', 'layout')
  return null
})

export const renameWorkspaceAction = signedInAction(WorkspaceNameInput, async ({ name }, viewer) => {
  await renameWorkspace(viewer, name)
  revalidatePath('/', 'layout')
  return null
})
