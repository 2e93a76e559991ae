import type { ReactNode } from 'react'
import { OfflineNotice } from '@/components/shell/offline-notice'
import { Shortcuts } from '@/components/shell/shortcuts'
import { TopBar } from '@/components/shell/top-bar'
import { requireViewer } from '@/lib/workspace/session'

export default async function WorkspaceLayout({ children }: { children: ReactNode }) {
  const viewer = await requireViewer()
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-primary px-3 py-1.5 text-primary-foreground focus:translate-y-0">Skip to content</a>
      <TopBar viewer={viewer} />
      <main id="content" tabIndex={-1} className="flex min-w-0 flex-1 flex-col">{children}</main>
      <Shortcuts hasWarehouse={viewer.previews.dataWarehouse} />
      <OfflineNotice />
    </div>
  )
}
