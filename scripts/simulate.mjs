import { launch } from './launch.mjs'

launch('scripts/simulate.ts')
