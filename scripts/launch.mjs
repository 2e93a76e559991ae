// The first lines of every command. Kept to syntax that Node 12 can read, so that an old Node gets a sentence
// and not a syntax error: no top-level await, no "node:" imports, no optional chaining, no static import of newer files.

/** Check Node, install what is missing, then run a TypeScript entrance (a path from the project folder) in this process. */
export function launch(entrance, options) {
  var have = process.versions.node.split('.').map(Number)
  if (have[0] < 20 || (have[0] === 20 && have[1] < 19)) {
    console.error('Tributary needs Node 20.19 or newer, and this is Node ' + process.versions.node + '. Install a newer one from https://nodejs.org, then try again.')
    process.exit(1)
  }
  return import('./prepare.mjs').then(function (prepare) {
    return prepare.prepareAndRun(entrance, options || {})
  })
}
