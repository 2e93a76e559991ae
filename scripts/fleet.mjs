import { launch } from './launch.mjs'

launch('scripts/fleet.ts', { withTests: true })
