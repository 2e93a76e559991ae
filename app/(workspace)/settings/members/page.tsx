import type { Metadata } from 'next'
import { SettingsSection } from '@/components/settings/settings-section'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { loadMembers } from '@/lib/workspace/loaders'
import { requireViewer } from '@/lib/workspace/session'

export const metadata: Metadata = { title: 'Members' }

export default async function MembersPage() {
  const members = await loadMembers(await requireViewer())
  return (
    <SettingsSection title="Members" description="Who can see and change what this workspace holds." isWide>
      <Table>
        <TableHeader>
          <TableRow>
            <TableHead>E-mail</TableHead>
            <TableHead className="max-sm:hidden">Name</TableHead>
            <TableHead>Role</TableHead>
            <TableHead>Joined</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {members.map((member) => (
            <TableRow key={member.userId}>
              <TableCell className="[overflow-wrap:anywhere]">
                {member.email}
                {member.isViewer ? <Badge variant="secondary" className="ml-2">You</Badge> : null}
              </TableCell>
              <TableCell className="max-w-48 truncate max-sm:hidden">{member.name || <span className="text-muted-foreground">—</span>}</TableCell>
              <TableCell>{member.role === 'owner' ? 'Owner' : 'Member'}</TableCell>
              <TableCell className="whitespace-nowrap text-muted-foreground"><RelativeTime time={member.joinedAt} /></TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </SettingsSection>
  )
}
