import { launch } from './launch.mjs'

launch('scripts/demo.ts')
