import { fileURLToPath } from 'node:url'
import { checkHouse } from './house/check-house'

const root = fileURLToPath(new URL('..', import.meta.url))
const { files, violations } = checkHouse(root)
for (const { rule, file, line, words } of violations) console.error(`${file}:${line} ${words} (${rule})`)
console.log(violations.length ? `The house rules are broken in ${violations.length} places` : `The house rules hold in ${files} files`)
process.exitCode = violations.length ? 1 : 0
