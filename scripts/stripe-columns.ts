import fs from 'node:fs'
import { COLUMNS_FILE, columnsText, stripeColumnKinds } from './stripe/column-kinds'

// After a new version of the stripe package: npx tsx scripts/stripe-columns.ts
fs.writeFileSync(COLUMNS_FILE, columnsText(stripeColumnKinds(process.cwd())))
console.log(`Wrote ${COLUMNS_FILE}`)
