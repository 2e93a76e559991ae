import { launch } from './launch.mjs'

launch('scripts/temporary-server.ts', { withTests: true })
