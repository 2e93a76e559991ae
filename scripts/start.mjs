import { launch } from './launch.mjs'

launch('scripts/serve.ts', { endIfRunning: true })
