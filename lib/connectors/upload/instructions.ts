import type { Instruction } from '../contract'

export const UPLOAD_INSTRUCTIONS: Instruction[] = [
  { title: 'What can be uploaded', text: 'CSV (also with tabs or semicolons), JSON (an object per line, or arrays), Parquet and Excel files, up to 2 GB each. Texts may be compressed with gzip, zstd or zip.' },
  { title: 'Several files, one table', text: 'Files of the same kind can make one table together. Columns are matched by their names; _file tells where a row came from.' },
  { title: 'New files later', text: 'Add files on the page of the source. A file with the name of an older one replaces it, and its rows replace the older ones at the next sync, which begins at once.' },
]
