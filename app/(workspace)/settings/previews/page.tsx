import type { Metadata } from 'next'
import { PreviewSwitch } from '@/components/settings/preview-switch'
import { SettingsSection } from '@/components/settings/settings-section'
import { requireViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Feature previews' }

export default async function PreviewsPage() {
  const viewer = await requireViewer()
  return (
    <SettingsSection title="Feature previews" description="Parts of Tributary that still change. They apply to everybody in the workspace.">
      <PreviewSwitch isOn={viewer.previews.dataWarehouse} isOwner={viewer.role === 'owner'} />
    </SettingsSection>
  )
}
