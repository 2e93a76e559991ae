import path from 'node:path'
import { build } from 'esbuild'
import { projectFolder } from '@/lib/core/env'

/** The processes of the rig as one file. Gives the command that starts one. */
export async function bundle(folder: string): Promise<string[]> {
  const file = path.join(folder, 'crash.cjs')
  await build({
    entryPoints: [path.join(projectFolder(), 'scripts/crash/begin.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    tsconfig: path.join(projectFolder(), 'tsconfig.json'),
    external: ['@duckdb/*', 'pg-native'],
    // code that V8 kept forgets how to import
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'urlOfThisFile' },
    banner: { js: `const urlOfThisFile = require('node:url').pathToFileURL(__filename).href;` },
    logLevel: 'error',
  })
  return [process.execPath, path.join(projectFolder(), 'scripts/crash/start.cjs'), file]
}
