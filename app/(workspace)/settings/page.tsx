import type { Metadata } from 'next'
import { RetentionForm } from '@/components/settings/retention-form'
import { SettingsSection } from '@/components/settings/settings-section'
import { WorkspaceNameForm } from '@/components/settings/workspace-name-form'
import { CopyButton } from '@/components/ui/copy-button'
import { loadWorkspaceRetention } from '@/lib/tables/loaders'
import { requireViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Settings' }

export default async function GeneralSettingsPage() {
  const viewer = await requireViewer()
  return (
    <>
      <SettingsSection title="Workspace" description="Sources, tables and queries belong to a workspace.">
        <WorkspaceNameForm name={viewer.workspaceName} isOwner={viewer.role === 'owner'} />
        <dl className="mt-5">
          <dt className="text-sm font-medium">Workspace ID</dt>
          <dd className="mt-1 flex items-center gap-1">
            <code className="min-w-0 break-all text-muted-foreground">{viewer.workspaceId}</code>
            <CopyButton value={viewer.workspaceId} label="Copy workspace ID" />
          </dd>
        </dl>
      </SettingsSection>
      {viewer.previews.dataWarehouse ? (
        <SettingsSection title="Versions" description="How long the former states of a table are kept, for queries as of then and for rolling back.">
          <RetentionForm retention={await loadWorkspaceRetention(viewer)} isOwner={viewer.role === 'owner'} />
        </SettingsSection>
      ) : null}
      <SettingsSection title="You" description="The account you are signed in with.">
        <dl className="grid gap-3">
          {viewer.name ? <div><dt className="text-sm font-medium">Name</dt><dd className="mt-0.5 text-muted-foreground">{viewer.name}</dd></div> : null}
          <div><dt className="text-sm font-medium">E-mail</dt><dd className="mt-0.5 text-muted-foreground">{viewer.email}</dd></div>
          <div><dt className="text-sm font-medium">Role</dt><dd className="mt-0.5 text-muted-foreground">{viewer.role === 'owner' ? 'Owner' : 'Member'}</dd></div>
        </dl>
      </SettingsSection>
    </>
  )
}
