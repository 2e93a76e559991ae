import type { ReactNode } from 'react'
import { PageBody } from '@/components/shell/page-body'
import { PageHeader } from '@/components/shell/page-header'
import { TabLinks } from '@/components/shell/tab-links'

export default function SettingsLayout({ children }: { children: ReactNode }) {
  const tabs = (
    <TabLinks
      label="Settings"
      links={[
        { label: 'General', href: '/settings', isExact: true },
        { label: 'Feature previews', href: '/settings/previews' },
        { label: 'Members', href: '/settings/members' },
      ]}
    />
  )
  return (
    <>
      <PageHeader title="Settings" tabs={tabs} />
      <PageBody>{children}</PageBody>
    </>
  )
}
