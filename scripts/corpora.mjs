import { launch } from './launch.mjs'

launch('scripts/corpora.ts')
