import type { TablesConnector } from '@/lib/connectors/contract'
import { LISTS } from './api'
import { checkHelpdesk } from './check'
import { HelpdeskConfig } from './config'
import { discoverHelpdesk } from './discover'
import { readHelpdesk } from './read'
import { describeHelpdesk } from './schemas'

/** A help desk that does not exist: the example of docs/add-a-connector.md, to be copied. */
export const helpdesk = {
  id: 'helpdesk',
  label: 'Help desk',
  group: 'managed',
  category: 'Support',
  description: 'Tickets of a help desk',
  config: HelpdeskConfig,
  instructions: [
    {
      title: 'Make a token that can only read',
      text: 'At the help desk, under Settings, API, make a token with these permissions, and copy it whole.',
      code: Object.values(LISTS).map(({ permission }) => permission).join('\n'),
    },
  ],
  suggestName: ({ base_url: url }) => new URL(url).hostname,
  check: checkHelpdesk,
  describe: describeHelpdesk,
  discover: discoverHelpdesk,
  read: readHelpdesk,
} satisfies TablesConnector<HelpdeskConfig>
