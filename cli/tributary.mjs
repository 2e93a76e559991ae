#!/usr/bin/env node
// The command line, from any folder. Kept to what old versions of Node can read, so that they get a sentence too.
import { existsSync } from 'fs'
import path from 'path'
import { fileURLToPath, pathToFileURL } from 'url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Why it cannot start, in a sentence. */
function obstacle() {
  const have = process.versions.node.split('.').map(Number)
  if (have[0] < 20 || (have[0] === 20 && have[1] < 19)) return 'Tributary needs Node 20.19 or newer, and this is Node ' + process.versions.node + '. Install a newer one from https://nodejs.org, then try again.'
  if (!existsSync(path.join(root, 'node_modules', 'tsx')) || !existsSync(path.join(root, 'node_modules', 'commander'))) return 'The packages of Tributary are not installed. Run npm ci in ' + root + ', then try again.'
  if (!existsSync(path.join(root, 'lib', 'db', 'generated', 'client.ts'))) return 'The database client of Tributary is not generated. Run npm run generate in ' + root + ', then try again.'
  return ''
}

const sentence = obstacle()
if (sentence) {
  console.error(sentence)
  process.exitCode = 1
} else {
  import('tsx/esm/api').then(function (tsx) {
    tsx.register({ tsconfig: path.join(root, 'tsconfig.json') })
    return import(pathToFileURL(path.join(root, 'cli', 'main.ts')).href)
  })
}
