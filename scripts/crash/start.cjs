// Runs the bundle of the rig with the code that V8 made of it the last time: a process that is about to be killed should cost little to start.
const fs = require('node:fs')
const path = require('node:path')
const vm = require('node:vm')
const Module = require('node:module')

const file = process.argv[2]
const cache = `${file}.cache`
const cachedData = fs.existsSync(cache) ? fs.readFileSync(cache) : undefined
const script = new vm.Script(Module.wrap(fs.readFileSync(file, 'utf8')), { filename: file, cachedData })
const main = { exports: {} }
// packages that are no part of the bundle are those of the project
script.runInThisContext().call(main.exports, main.exports, Module.createRequire(__filename), main, file, path.dirname(file))
main.exports.begin(process.argv.slice(3), () => {
  if (cachedData) return
  fs.writeFileSync(`${cache}.${process.pid}`, script.createCachedData())
  fs.renameSync(`${cache}.${process.pid}`, cache)
})
