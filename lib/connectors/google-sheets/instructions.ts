import type { Instruction } from '../contract'

export const SHEETS_INSTRUCTIONS: Instruction[] = [
  {
    title: 'By its link',
    text: 'Open the spreadsheet, press Share, and under General access choose “Anyone with the link” as Viewer. Copy the link. Whoever has it can read the spreadsheet.',
  },
  {
    title: 'Or shared with a service account alone',
    text: 'Make a service account and a key of the type JSON, turn on the Google Sheets API in its project, share the spreadsheet with the address of the account as Viewer, and paste the key file. On the command line:',
    code: [
      'gcloud services enable sheets.googleapis.com',
      'gcloud iam service-accounts create tributary-reader',
      'gcloud iam service-accounts keys create key.json \\',
      '  --iam-account=tributary-reader@PROJECT.iam.gserviceaccount.com',
    ].join('\n'),
    link: { label: 'Service accounts', url: 'https://console.cloud.google.com/iam-admin/serviceaccounts' },
  },
  {
    title: 'How a worksheet becomes a table',
    text: 'The first row holds the names of the columns, and every row below it is a row of the table. Cells come as they are shown: a number that is shown with two decimals has two decimals. Each sync reads the whole worksheet, and changes the table when anything in it changed.',
  },
]
