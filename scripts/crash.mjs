import { launch } from './launch.mjs'

launch('scripts/crash.ts', { withTests: true })
