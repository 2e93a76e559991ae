import { z } from 'zod'
import { keyFileField } from '../objects/google-token'
import { givenFields } from '../given-fields'
import { parseSheetLink, type SheetLink } from './link'

const Fields = z.object({
  link: z.string({ error: 'Paste the link of the spreadsheet' }).refine((text) => parseSheetLink(text) !== null, 'This is no link to a Google spreadsheet: it begins with https://docs.google.com/spreadsheets/d/').meta({
    label: 'Link of the spreadsheet',
    placeholder: 'https://docs.google.com/spreadsheets/d/…',
    help: 'As the Share dialog or the browser shows it',
  }),
  key_file: keyFileField().optional().meta({
    label: 'Key file of a service account',
    placeholder: '{ "type": "service_account", … }',
    help: 'Only for a spreadsheet that is not shared with everybody who has the link: share it with the address of the account',
    secret: true,
    control: 'textarea',
  }),
})

/** What the form and the command line send becomes what the connector is given. */
export const SheetsConfig = z.preprocess(givenFields, Fields)
export type SheetsConfig = z.output<typeof SheetsConfig>

export function linkOf({ link }: SheetsConfig): SheetLink {
  const parsed = parseSheetLink(link)
  if (!parsed) throw new Error('the form lets no other link pass')
  return parsed
}
