import { launch } from './launch.mjs'

launch('scripts/stop.ts')
