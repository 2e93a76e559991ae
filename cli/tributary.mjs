#!/usr/bin/env node
// The command line, from any folder. Kept to what old versions of Node can read, so that they get a sentence too.
import { existsSync } from 'fs'
import path from 'path'
import { fileURLToPath, pathToFileURL } from 'url'

var root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Why it cannot start, in a sentence. */
function obstacle() {
  var have = process.versions.node.split('.').map(Number)
  if (have[0] < 20 || (have[0] === 20 && have[1] < 19)) return 'Tributary needs Node 20.19 or newer, and this is Node ' + process.versions.node + '. Install a newer one from https://nodejs.org, then try again.'
  if (!existsSync(path.join(root, 'node_modules', 'tsx')) || !existsSync(path.join(root, 'node_modules', 'commander'))) return 'The packages of Tributary are not installed. Run npm ci in ' + root + ', then try again.'
  if (!existsSync(path.join(root, 'lib', 'db', 'generated', 'client.ts'))) return 'The database client of Tributary is not generated. Run npm run generate in ' + root + ', then try again.'
  return ''
}

var sentence = obstacle()
if (sentence) {
  console.error(sentence)
  process.exitCode = 1
} else {
  process.env.TRIBUTARY_ROOT = root
  // What is worth a person's while is said in sentences; LOG_LEVEL=debug shows the rest.
  if (!process.env.LOG_LEVEL) process.env.LOG_LEVEL = 'error'
  import('tsx/esm/api').then(function (tsx) {
    tsx.register({ tsconfig: path.join(root, 'tsconfig.json') })
    return import(pathToFileURL(path.join(root, 'cli', 'main.ts')).href)
  })
}
