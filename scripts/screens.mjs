import { launch } from './launch.mjs'

launch('scripts/screens.ts', { withTests: true })
