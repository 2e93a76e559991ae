import type { Instruction } from '../contract'

export const HTTPS_INSTRUCTIONS: Instruction[] = [
  {
    title: 'Files that anybody can open',
    text: 'Open the address in a private window of your browser: the file should come down at once, without a page to sign in at. A table is made of one file or of several with the same columns.',
    code: 'https://example.com/exports/orders-2026-01.csv\nhttps://example.com/exports/orders-2026-02.csv.gz',
  },
  {
    title: 'How changes are noticed',
    text: 'By the ETag that the server sends with the file. Without one the file is read again with each sync and its bytes are compared, so that nothing is missed.',
  },
  {
    title: 'Addresses with a signature',
    text: 'They work as long as the signature is good, and are kept with the table as they were entered, for all who may see it. For files that are not public, link the bucket.',
  },
]
